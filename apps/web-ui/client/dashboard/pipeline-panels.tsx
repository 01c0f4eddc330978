import { type ProofReport, type LetterGroup, type HealthReport } from '../../src/protocol/health-report.ts';
import { useEffect, useState } from 'preact/hooks';
import { formatCount, formatMoment, formatTime } from '../format.ts';
import { getJson } from '../get-json.ts';
import { useMessages } from '../i18n/language.ts';
import { type Health } from './health-loader.ts';
import { Panel, Skeleton } from './panel.tsx';

/** What is copied into a terminal: strangers can write letters, too. */
const CODE = /^[a-z][a-z0-9-]{0,60}$/;

const FOLLOW_COMMAND = 'npm run audit -- --follow';
const KINDS = ['lost', 'double', 'damaged', 'invented'] as const;

/** What the continuous audit has proved, in one sentence. */
export function ProofPanel({ health }: { readonly health: Health }) {
  const { proof: texts } = useMessages();
  return (
    <Panel title={texts.title} className="proof" hint={texts.hint}>
      {health === undefined && <Skeleton height="3rem" />}
      {health?.proof === null && (
        <p>
          {texts.none} <code>{FOLLOW_COMMAND}</code>
        </p>
      )}
      {health?.proof && <Proof proof={health.proof} />}
    </Panel>
  );
}

function Proof({ proof }: { readonly proof: ProofReport }) {
  const { proof: texts, language } = useMessages();
  const count = (value: number) => formatCount(value, language);
  const broken = KINDS.filter((kind) => proof[kind] > 0);
  const time = proof.provedTo === null ? undefined : formatTime(proof.provedTo);
  return (
    <>
      <p
        class={`proof-sentence ${broken.length > 0 ? 'station-bad' : time ? 'station-good' : 'station-warn'}`}
      >
        <span class="dot" aria-hidden="true" />
        {time === undefined && broken.length === 0 && texts.notYet}
        {time !== undefined && broken.length === 0 && texts.holds(time, count(proof.events))}
        {broken.length > 0 &&
          [
            texts.broken(time ?? '–', count(proof.events)),
            ...broken.map((kind) => texts.counts[kind](count(proof[kind]))),
          ].join(' · ')}
      </p>
      <p class="hint">
        {proof.waiting > 0 && `${texts.waiting(count(proof.waiting))} · `}
        {texts.toldAt(formatMoment(proof.toldAt, language))}
      </p>
    </>
  );
}

/** Why records could not be stored, and how they are sent again. */
export function LettersPanel({
  deadLetters,
}: {
  readonly deadLetters: HealthReport['deadLetters'] | undefined;
}) {
  const { health: texts, language } = useMessages();
  const total = deadLetters?.reduce((sum, { records }) => sum + records, 0);
  const [groups, setGroups] = useState<readonly LetterGroup[] | 'failed' | undefined>(undefined);
  useEffect(() => {
    if (!total) return;
    let isOver = false;
    void getJson<{ groups: readonly LetterGroup[] }>('/v1/dead-letters').then(
      (answer) => isOver || setGroups(answer.groups),
      () => isOver || setGroups('failed'),
    );
    return () => (isOver = true);
  }, [total]);
  const listed = Array.isArray(groups) ? (groups as readonly LetterGroup[]) : [];
  return (
    <div id="dead-letters">
      <Panel
        title={texts.deadLetters}
        className="letters"
        aside={
          total !== undefined && (
            <strong class={total > 0 ? 'unusual' : 'quiet'}>{formatCount(total, language)}</strong>
          )
        }
        {...(total ? { hint: texts.lettersHint } : {})}
        sheet={
          listed.length > 0
            ? {
                columns: texts.letterColumns,
                rows: listed.map(({ code, group, topic, records, newest }) => [
                  code,
                  group,
                  topic,
                  records,
                  newest,
                ]),
              }
            : undefined
        }
      >
        {total === undefined && <Skeleton height="2rem" />}
        {total === 0 && <p>{texts.lettersNone}</p>}
        {groups === 'failed' && <LettersByTopic deadLetters={deadLetters ?? []} />}
        {total !== undefined && total > 0 && groups !== 'failed' && <LetterTable groups={listed} />}
      </Panel>
    </div>
  );
}

function LetterTable({ groups }: { readonly groups: readonly LetterGroup[] }) {
  const { health: texts, language } = useMessages();
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={texts.deadLetters}>
      <table class="wide">
        <thead>
          <tr>
            {texts.letterColumns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">{texts.replay}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ topic, group, code, records, newest }) => (
            <tr key={`${topic} ${group} ${code}`}>
              <th scope="row">{code}</th>
              <td>{group}</td>
              <td>{topic}</td>
              <td class="number">{formatCount(records, language)}</td>
              <td class="number">{formatMoment(newest, language)}</td>
              <td>
                {CODE.test(code) && (
                  <Command text={`npm run dlq -- replay --topic ${topic} --sink ${group} --code ${code}`} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LettersByTopic({ deadLetters }: Pick<HealthReport, 'deadLetters'>) {
  const { language } = useMessages();
  return (
    <ul class="lag">
      {deadLetters
        .filter(({ records }) => records > 0)
        .map(({ topic, records }) => (
          <li key={topic}>
            <span>{topic}</span>
            <span class="number">{formatCount(records, language)}</span>
          </li>
        ))}
    </ul>
  );
}

function Command({ text }: { readonly text: string }) {
  const { health: texts } = useMessages();
  const [isCopied, setCopied] = useState(false);
  return (
    <span class="command">
      <code>{text}</code>
      <button
        type="button"
        class="csv"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {isCopied ? texts.copied : texts.copy}
      </button>
    </span>
  );
}

/** What waits in each partition for each group. */
export function LagTable({ lag }: Pick<HealthReport, 'lag'>) {
  const { health: texts, language } = useMessages();
  const rows = [...new Set(lag.map(({ group, topic }) => `${group} · ${topic}`))].map((name) => ({
    name,
    cells: lag.filter(({ group, topic }) => `${group} · ${topic}` === name).map(({ records }) => records),
  }));
  return (
    <Panel
      title={texts.details}
      sheet={{ columns: texts.lagColumns, rows: rows.map(({ name, cells }) => [name, cells.join(' ')]) }}
    >
      <ul class="lag">
        {rows.map(({ name, cells }) => (
          <li key={name}>
            <span>{name}</span>
            <span class="number">{cells.map((records) => formatCount(records, language)).join(' · ')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
