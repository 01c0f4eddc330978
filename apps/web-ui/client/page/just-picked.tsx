import { type LiveEvent, placeOf } from '../../src/protocol/live-protocol.ts';
import { useCalm } from '../calm.ts';
import { useMessages } from '../i18n/language.ts';

const SHOWN = 6;

/** Who picked what a moment ago. Names are text and nothing else. */
export function JustPicked({ events }: { readonly events: readonly LiveEvent[] }) {
  const messages = useMessages();
  const shown = useCalm(events);
  return (
    <section class="just-picked" aria-label={messages.justNow}>
      <ul>
        {shown.slice(0, SHOWN).map((event) => (
          <li key={placeOf(event)} class={`pick color-${event.color_name}`}>
            <span class="dot" aria-hidden="true" />
            <bdi>{event.user_name}</bdi>
            <span class="sr-only">{messages.colors[event.color_name]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
