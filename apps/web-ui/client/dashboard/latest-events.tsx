import { type LiveEvent, placeOf } from '../../src/protocol/live-protocol.ts';
import { formatTime } from '../format.ts';
import { useCalm } from '../calm.ts';
import { useMessages } from '../i18n/language.ts';

const SHOWN = 12;

export interface LatestEventsProps {
  readonly events: readonly LiveEvent[];
  /** The place of the event whose journey is shown, or what else was asked for. */
  readonly followed: string;
  readonly onFollow: (event: LiveEvent) => void;
}

/** The newest clicks, with their place in the topic. Names are text and nothing else. */
export function LatestEvents({ events, followed, onFollow }: LatestEventsProps) {
  const messages = useMessages();
  const { columns } = messages;
  const shown = useCalm(events);
  return (
    <section class="panel latest">
      <header class="panel-head">
        <h2>{messages.latestTitle}</h2>
      </header>
      {shown.length === 0 ? (
        <p class="hint">{messages.latestEmpty}</p>
      ) : (
        <table>
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
            {shown.slice(0, SHOWN).map((event) => (
              <tr key={placeOf(event)}>
                <td class="number">{formatTime(event.received_at)}</td>
                <td class="user">
                  <button
                    type="button"
                    class="follow"
                    aria-pressed={placeOf(event) === followed}
                    title={messages.journey.follow(event.user_name)}
                    onClick={() => onFollow(event)}
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
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
