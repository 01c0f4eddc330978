import { useMessages } from './i18n/language.ts';
import { type LiveStatus } from './i18n/messages.ts';

/** Whether what is shown is live, in one word. */
export function StatusPill({ status }: { readonly status: LiveStatus }) {
  return (
    <span class={`status status-${status}`}>
      <span class="status-dot" aria-hidden="true" />
      {useMessages().status[status]}
    </span>
  );
}
