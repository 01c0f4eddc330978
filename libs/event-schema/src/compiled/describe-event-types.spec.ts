import { describe, expect, it } from '@jest/globals';
import { describeEventTypes } from './describe-event-types.ts';

describe('describeEventTypes', () => {
  it('says of select-color what its decorators say', () => {
    expect(describeEventTypes()).toMatchObject({
      'select-color': {
        type: 'object',
        required: ['user_name', 'color_name', 'event_type'],
        additionalProperties: true,
        properties: {
          event_id: { type: 'string', format: 'uuid' },
          event_type: { enum: ['select-color'] },
          schema_version: { type: 'integer', enum: [1] },
          user_name: { type: 'string', minLength: 1, maxLength: 64, pattern: expect.any(String) },
          color_name: { enum: ['red', 'orange', 'yellow', 'green', 'blue', 'navy', 'purple'] },
          occurred_at: { type: 'string', format: 'date-time' },
          page_url: { maxLength: 2_048 },
          visitor_id: { minLength: 1, maxLength: 128 },
        },
      },
    });
  });

  it('says of page-view that nothing but its type is required', () => {
    expect(describeEventTypes()['page-view']).toMatchObject({
      required: ['event_type'],
      properties: { event_type: { enum: ['page-view'] }, page_url: { maxLength: 2_048 } },
    });
  });

  it('describes what can be posted, and nothing that an ingress makes itself', () => {
    expect(Object.keys(describeEventTypes())).toEqual(['select-color', 'page-view']);
  });

  it('leaves no field undescribed', () => {
    for (const { properties = {} } of Object.values(describeEventTypes())) {
      for (const schema of Object.values(properties)) expect(schema.type).toBeDefined();
    }
  });
});
