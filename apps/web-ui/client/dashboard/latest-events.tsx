import { Fragment } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type LiveEvent, placeOf } from '../../src/protocol/live-protocol.ts';
import { useCalm } from '../calm.ts';
import { formatTime } from '../format.ts';
import { useMessages } from '../i18n/language.ts';
import { JourneyOf } from './event-journey.tsx';
import { Panel, Skeleton } from './panel.tsx';
import { useNarrow } from './use-tick.ts';

const SHOWN = 20;

export interface LatestEventsProps {
  readonly events: readonly LiveEvent[];
  /** Why there are none: nobody picked, only bots did, or it is not known yet. */
  readonly emptyBecause: 'none' | 'bots' | 'unknown';
}

/** The newest clicks, with their place in the topic; a click on one tells how far it came. Names are text and nothing else. */
export function LatestEvents({ events, emptyBecause }: LatestEventsProps) {
  const messages = useMessages();
  const { columns } = messages;
  const isNarrow = useNarrow();
  const [followed, setFollowed] = useState('');
  const [isHeld, setHeld] = useState(false);
  const calm = useCalm(events);
  // What is pointed at must not move away.
  const held = useRef(calm);
  if (!isHeld && followed === '') held.current = calm;
  const shown = held.current.slice(0, SHOWN);
  const sheet = {
    columns: [columns.time, columns.name, columns.color, columns.position],
    rows: shown.map((event) => [
      event.received_at,
      event.user_name,
      messages.colors[event.color_name],
      placeOf(event),
    ]),
  };
  return (
    <Panel title={messages.latestTitle} className="latest" sheet={sheet} hint={messages.latestHint}>
      {shown.length === 0 && emptyBecause === 'unknown' && <Skeleton height="20rem" />}
      {shown.length === 0 && emptyBecause !== 'unknown' && (
        <p class="hint">{emptyBecause === 'bots' ? messages.latestBots : messages.latestEmpty}</p>
      )}
      {shown.length > 0 && (
        <table
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocusIn={() => setHeld(true)}
          onFocusOut={() => setHeld(false)}
        >
          <thead>
            <tr>
              <th scope="col" class="time">
                {columns.time}
              </th>
              <th scope="col">{columns.name}</th>
              <th scope="col">{columns.color}</th>
              <th scope="col" class="position" title={messages.positionHint}>
                {columns.position}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((event) => (
              <Fragment key={placeOf(event)}>
                <EventRow
                  event={event}
                  isFollowed={placeOf(event) === followed}
                  onFollow={() => setFollowed(placeOf(event) === followed ? '' : placeOf(event))}
                />
                {placeOf(event) === followed && (
                  <tr class="followed">
                    <td colSpan={isNarrow ? 3 : 4}>
                      <JourneyOf
                        name={followed}
                        pick={{ userName: event.user_name, color: event.color_name }}
                      />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

interface EventRowProps {
  readonly event: LiveEvent;
  readonly isFollowed: boolean;
  readonly onFollow: () => void;
}

function EventRow({ event, isFollowed, onFollow }: EventRowProps) {
  const messages = useMessages();
  return (
    <tr>
      <td class="number">{formatTime(event.received_at)}</td>
      <td class="user">
        <button
          type="button"
          class="follow"
          aria-expanded={isFollowed}
          title={messages.journey.follow(event.user_name)}
          onClick={onFollow}
        >
          <bdi>{event.user_name}</bdi>
        </button>
      </td>
      <td class={`color-${event.color_name}`}>
        <span class="color-cell">
          <span class="dot" aria-hidden="true" />
          {messages.colors[event.color_name]}
        </span>
      </td>
      <td class="number position">
        {event.kafka_partition} · {event.kafka_offset}
      </td>
    </tr>
  );
}
