import { TableType } from '../contract/event-type.decorator.ts';
import { Decimal, LongNumber, Optional, Required, Text } from '../contract/field-rules.ts';

@TableType('shop.product', 'A product of the example shop, as its database has it now.', {
  key: 'id',
  origin: 'Kafka Connect, from PostgreSQL',
})
export class ShopProduct {
  @Required()
  @LongNumber()
  id!: number;

  @Optional()
  @Text({ min: 0, max: 512, type: 'words' })
  name?: string | null;

  @Optional()
  @Decimal()
  price?: number | null;
}
