import { type LiveEvent } from '../../src/live/live-protocol.ts';
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
        {shown.slice(0, SHOWN).map(({ event_id, user_name, color_name }) => (
          <li key={event_id} class={`pick color-${color_name}`}>
            <span class="dot" aria-hidden="true" />
            <bdi>{user_name}</bdi>
            <span class="sr-only">{messages.colors[color_name]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
