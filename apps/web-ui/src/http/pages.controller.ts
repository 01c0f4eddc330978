import { Controller, Get, Header, Inject } from '@nestjs/common';
import { PAGES, type Pages } from './pages.ts';

const HTML = 'text/html; charset=utf-8';

/** The two documents. Never stored by browsers: they name the hashed assets of the current build. */
@Controller()
export class PagesController {
  constructor(@Inject(PAGES) private readonly pages: Pages) {}

  @Get()
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  index(): string {
    return this.pages.index;
  }

  @Get('dashboard')
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  dashboard(): string {
    return this.pages.dashboard;
  }
}
