import {
  Controller,
  Get,
  Header,
  Inject,
  Req,
  ServiceUnavailableException,
  UseFilters,
} from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type LetterGroup } from '../protocol/health-report.ts';
import { HistoryErrorFilter } from '../query/history-error.ts';
import { OpenQuestions } from '../query/open-questions.ts';
import { DEAD_LETTERS, type DeadLetters } from './dead-letters.ts';

/** Why records could not be stored: counts by reason, nothing of what the records say. */
@Controller('v1/dead-letters')
@UseFilters(HistoryErrorFilter)
export class DeadLettersController {
  constructor(
    @Inject(DEAD_LETTERS) private readonly letters: DeadLetters,
    @Inject(OpenQuestions) private readonly questions: OpenQuestions,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async groups(@Req() { clientNetwork }: FastifyRequest): Promise<{ groups: readonly LetterGroup[] }> {
    const groups = await this.questions
      .ask(clientNetwork, 'dead-letters', () => this.letters.groups())
      .catch(() => {
        throw new ServiceUnavailableException({
          code: 'letters-unavailable',
          message: 'The dead letters cannot be read right now',
        });
      });
    return { groups };
  }
}
