import { type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Journey, type Pick, type Stop } from '../../src/protocol/journey.ts';
import { formatCount, formatMoment } from '../format.ts';
import { getJson } from '../get-json.ts';
import { useMessages } from '../i18n/language.ts';

/** The event to follow. */
export interface Followed {
  /** Its id or its place; an empty text when there is none. */
  readonly name: string;
  /** What the list says of it. */
  readonly pick?: Pick;
}

export interface EventJourneyProps {
  readonly followed: Followed;
  readonly onFollow: (name: string) => void;
}

type Answer = Journey | 'asking' | 'failed' | undefined;

/** As `placeOf` writes it. */
const PLACE = /^[\w-]+\/\d+\/\d+$/;

const AGAIN_MS = 2_000;

/** What became of one event: paste its id or place, or click on it among the latest. Asks again while it is on its way. */
export function EventJourney({ followed: { name, pick }, onFollow }: EventJourneyProps) {
  const { journey: texts } = useMessages();
  const answer = useJourney(name);
  return (
    <section class="panel journey" id="journey">
      <header class="panel-head">
        <h2>{texts.title}</h2>
      </header>
      <input
        type="text"
        class="event-id"
        aria-label={texts.label}
        placeholder={texts.label}
        spellcheck={false}
        autocomplete="off"
        maxLength={128}
        value={name}
        onInput={({ currentTarget }) => onFollow(currentTarget.value.trim())}
      />
      <div aria-live="polite">
        {answer === undefined && <p class="hint">{texts.hint}</p>}
        {answer === 'asking' && <p class="hint">{texts.asking}</p>}
        {answer === 'failed' && <p class="hint">{texts.failed}</p>}
        {typeof answer === 'object' && <JourneySteps journey={pick ? { ...answer, pick } : answer} />}
      </div>
    </section>
  );
}

/** The way of one event, step by step. */
export function JourneySteps({ journey }: { readonly journey: Journey }) {
  const { journey: texts, language } = useMessages();
  const { pick, position, refusal, hdfs, elasticsearch } = journey;
  const receivedAt = position?.receivedAt ?? refusal?.receivedAt;
  return (
    <>
      {pick && <PickedLine pick={pick} />}
      <ol class="steps">
        <Step name={texts.received} good={receivedAt !== undefined}>
          {receivedAt === undefined ? texts.notSeen : formatMoment(receivedAt, language)}
        </Step>
        {refusal ? (
          <Step name={texts.collector} good={false}>
            {texts.refused(refusal.code, refusal.message)}
          </Step>
        ) : (
          <>
            <Step name="Kafka" good={position !== undefined}>
              {position ? texts.position(position.topic, position.partition, position.offset) : texts.notSeen}
            </Step>
            <StopStep name="HDFS" stop={hdfs} />
            <StopStep name="Elasticsearch" stop={elasticsearch} />
          </>
        )}
      </ol>
    </>
  );
}

/** Whose pick it was. The name is text and nothing else. */
function PickedLine({ pick: { userName, color } }: { readonly pick: Pick }) {
  const { colors } = useMessages();
  return (
    <p class={`journey-pick color-${color}`}>
      <span class="dot" aria-hidden="true" />
      <bdi>{userName}</bdi> · {colors[color]}
    </p>
  );
}

function StopStep({ name, stop }: { readonly name: string; readonly stop: Stop }) {
  const messages = useMessages();
  const { journey: texts } = messages;
  return (
    <Step name={name} good={stop.state === 'stored'}>
      {stop.state === 'stored' && stop.place}
      {stop.state === 'waiting' && texts.waiting(formatCount(stop.records, messages.language))}
      {stop.state === 'dead-lettered' && texts.deadLettered(stop.code, stop.message)}
      {stop.state === 'not-found' && texts.notFound}
      {stop.state === 'no-answer' && texts.noAnswer}
    </Step>
  );
}

interface StepProps {
  readonly name: string;
  readonly good: boolean;
  readonly children: ComponentChildren;
}

function Step({ name, good, children }: StepProps) {
  return (
    <li class={good ? 'station-good' : 'station-warn'}>
      <span class="dot" aria-hidden="true" />
      <span class="step-name">{name}</span>
      <span class="step-place">{children}</span>
    </li>
  );
}

function useJourney(name: string): Answer {
  const [answer, setAnswer] = useState<Answer>(undefined);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const ask = async (): Promise<void> => {
      const url = `/v1/events/${PLACE.test(name) ? `at/${name}` : encodeURIComponent(name)}/journey`;
      const journey = await getJson<Journey>(url).catch((): Answer => 'failed');
      if (over) return;
      setAnswer(journey);
      if (!isOver(journey)) timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    setAnswer(name === '' ? undefined : 'asking');
    if (name !== '') timer = setTimeout(() => void ask(), 200);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [name]);
  return answer;
}

/** Nothing will change any more, as far as anybody knows. */
function isOver(answer: Answer): boolean {
  if (typeof answer !== 'object') return true;
  const ends = ['stored', 'dead-lettered'];
  return !answer.position || (ends.includes(answer.hdfs.state) && ends.includes(answer.elasticsearch.state));
}
