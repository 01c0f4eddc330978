import { type ComponentChildren } from 'preact';
import { useMessages } from '../i18n/language.ts';
import { csv, download } from './csv.ts';

export interface Sheet {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface PanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  readonly hint?: ComponentChildren;
  /** What is shown, as a table: the visitor can take it along. Absent while it is not known. */
  readonly sheet?: Sheet | undefined;
  readonly className?: string;
  readonly children: ComponentChildren;
}

/** A part of the dashboard with a title, and its numbers as a file. */
export function Panel({ title, aside, hint, sheet, className = '', children }: PanelProps) {
  const messages = useMessages();
  return (
    <section class={`panel ${className}`}>
      <header class="panel-head">
        <h2>{title}</h2>
        {aside}
        {sheet && (
          <button
            type="button"
            class="csv"
            aria-label={messages.csvOf(title)}
            onClick={() => download(title, csv(sheet.columns, sheet.rows))}
          >
            {messages.csv}
          </button>
        )}
      </header>
      {children}
      {hint && <p class="hint">{hint}</p>}
    </section>
  );
}

/** Where something will be when it is known. */
export function Skeleton({ height }: { readonly height: string }) {
  return (
    <div class="skeleton" style={{ height }} role="status">
      <span class="sr-only">{useMessages().loading}</span>
    </div>
  );
}

/** A chart for those who do not see it. */
export function DataTable({ sheet: { columns, rows } }: { readonly sheet: Sheet }) {
  return (
    <details class="as-table">
      <summary>{useMessages().asTable}</summary>
      <div class="scrolls" tabIndex={0} role="region" aria-label={columns.join(', ')}>
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([first, ...others]) => (
              <tr key={first}>
                <th scope="row">{first}</th>
                {others.map((value, index) => (
                  <td key={columns[index + 1]} class="number">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
