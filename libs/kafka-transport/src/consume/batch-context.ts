import { BaseRpcContext } from '@nestjs/microservices';
import { type PartitionAssignment } from './partition-assignment.ts';

/** What a batch handler gets as `@Ctx()`: the assignment that its batch belongs to. */
export class BatchContext extends BaseRpcContext<[PartitionAssignment]> {
  get assignment(): PartitionAssignment {
    return this.args[0];
  }
}
