import { useMessages } from '../i18n/language.ts';
import { type Messages } from '../i18n/messages.ts';
import { type Notice as NoticeState } from './poll.ts';

/** One quiet line that says what became of the pick; screen readers hear it when it changes. */
export function Notice({ notice, waiting }: { readonly notice: NoticeState; readonly waiting: boolean }) {
  const messages = useMessages();
  const sentence = sentenceOf(notice, messages);
  return (
    <p id="notice" class={`notice notice-${notice.kind}`} role="status" aria-live="polite">
      {sentence}{' '}
      {waiting ? (
        <span class="later">{messages.willBeSent}</span>
      ) : (
        notice.kind === 'picked' && <span class="later">{messages.picksAdd}</span>
      )}
    </p>
  );
}

function sentenceOf(notice: NoticeState, messages: Messages): string {
  switch (notice.kind) {
    case 'none':
      return messages.hint;
    case 'mistake':
      return {
        missing: messages.nameMissing,
        'too-long': messages.nameTooLong,
        invalid: messages.nameInvalid,
      }[notice.mistake];
    case 'picked':
      return messages.picked(notice.name, messages.colors[notice.color]);
    case 'sent':
      return messages.sentNow;
    case 'refused':
      return messages.refused;
  }
}
