const description = 'Needed only where the collector was given write keys';
const schema = { type: 'string', maxLength: 256 };

/** As OpenAPI names the parameters of a route that takes events. */
export const WRITE_KEY_PARAMETERS = [
  { name: 'x-write-key', in: 'header', required: false, description, schema },
  {
    name: 'write_key',
    in: 'query',
    required: false,
    description: `${description}; for beacons and images, which cannot have headers`,
    schema,
  },
] as const;
