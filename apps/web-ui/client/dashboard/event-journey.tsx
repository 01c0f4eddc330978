import { type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Journey, type Pick, type Stop } from '../../src/protocol/journey.ts';
import { formatCount, formatMoment } from '../format.ts';
import { getJson } from '../get-json.ts';
import { useMessages } from '../i18n/language.ts';
import { Panel } from './panel.tsx';

type Answer = Journey | 'asking' | 'failed' | undefined;

/** As `placeOf` writes it. */
const PLACE = /^[\w-]+\/\d{1,15}\/\d{1,15}$/;
const EVENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const AGAIN_MS = 2_000;

/** What became of one event: paste its id or its place. */
export function EventJourney() {
  const { journey: texts } = useMessages();
  const [name, setName] = useState('');
  const isWrong = name !== '' && !EVENT_ID.test(name) && !PLACE.test(name);
  return (
    <Panel title={texts.title} className="journey">
      <input
        type="text"
        class="event-id"
        aria-label={texts.label}
        placeholder={texts.label}
        aria-invalid={isWrong}
        aria-describedby="journey-answer"
        spellcheck={false}
        autocomplete="off"
        maxLength={128}
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value.trim())}
      />
      <div id="journey-answer" aria-live="polite">
        {name === '' && <p class="hint">{texts.hint}</p>}
        {isWrong && <p class="wrong">{texts.noId}</p>}
        {name !== '' && !isWrong && <JourneyOf name={name} />}
      </div>
    </Panel>
  );
}

export interface JourneyOfProps {
  /** The id or the place of an event. */
  readonly name: string;
  /** What the list says of it: the journey of a place says no more than how far it came. */
  readonly pick?: Pick;
}

/** Asks what became of an event, and again while it is on its way. */
export function JourneyOf({ name, pick }: JourneyOfProps) {
  const { journey: texts } = useMessages();
  const answer = useJourney(name);
  if (typeof answer === 'object') return <JourneySteps journey={pick ? { ...answer, pick } : answer} />;
  return <p class="hint">{answer === 'failed' ? texts.failed : texts.asking}</p>;
}

/** The way of one event, step by step. */
export function JourneySteps({ journey }: { readonly journey: Journey }) {
  const { journey: texts, language } = useMessages();
  const { pick, position, refusal, hdfs, elasticsearch } = journey;
  const receivedAt = position?.receivedAt ?? refusal?.receivedAt;
  const isUnknown =
    !position && !refusal && hdfs.state === 'not-found' && elasticsearch.state === 'not-found';
  if (isUnknown) return <p class="wrong">{texts.unknownEvent}</p>;
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
  if (typeof answer !== 'object') return false;
  const ends = ['stored', 'dead-lettered'];
  return (
    answer.refusal !== undefined ||
    (ends.includes(answer.hdfs.state) && ends.includes(answer.elasticsearch.state))
  );
}
