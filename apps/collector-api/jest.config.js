import preset from '../../jest.preset.js';

// Specs with real sockets share the machine with everything else.
export default { ...preset, testTimeout: 30_000 };
