import { COLORS, type Color } from '../color.ts';
import { OneOf, Required, Shown, Text } from './field-rules.ts';
import { LIMITS, PageEvent } from './page-event.ts';

/** A visitor chose their favourite colour. */
export class SelectColorEvent extends PageEvent {
  declare event_type: 'select-color';

  @Required()
  @Shown()
  @Text({ min: 1, max: LIMITS.userName })
  user_name!: string;

  @Required()
  @OneOf(COLORS, 'color-unknown')
  color_name!: Color;
}
