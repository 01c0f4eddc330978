import { ApiHeader, ApiQuery } from '@nestjs/swagger';

const description = 'Needed only where the collector was given write keys';

export const WRITE_KEY_PARAMETERS: readonly MethodDecorator[] = [
  ApiHeader({
    name: 'x-write-key',
    required: false,
    description,
    schema: { type: 'string', maxLength: 256 },
  }),
  ApiQuery({
    name: 'write_key',
    required: false,
    description: `${description}; for beacons and images, which cannot have headers`,
    schema: { type: 'string', maxLength: 256 },
  }),
];
