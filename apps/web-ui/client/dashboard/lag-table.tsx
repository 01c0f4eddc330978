import { type HealthReport } from '../../src/protocol/health-report.ts';
import { formatCount } from '../format.ts';
import { useMessages } from '../i18n/language.ts';

/** What waits in each partition for each group, and what lies in each dead-letter topic; closed until somebody asks. */
export function LagTable({ lag, deadLetters }: Pick<HealthReport, 'lag' | 'deadLetters'>) {
  const { health: texts, language } = useMessages();
  const rows = [...new Set(lag.map(({ group, topic }) => `${group} · ${topic}`))].map((name) => ({
    name,
    cells: lag.filter(({ group, topic }) => `${group} · ${topic}` === name).map(({ records }) => records),
  }));
  return (
    <details class="lag">
      <summary>{texts.details}</summary>
      <ul>
        {rows.map(({ name, cells }) => (
          <li key={name}>
            <span>{name}</span>
            <span class="number">{cells.map((records) => formatCount(records, language)).join(' · ')}</span>
          </li>
        ))}
        {deadLetters.map(({ topic, records }) => (
          <li key={topic}>
            <span>{topic}</span>
            <span class="number">{formatCount(records, language)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
