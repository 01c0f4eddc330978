import { formatTime } from '../format.ts';
import { type HistoryState } from '../history/history-loader.ts';
import { useMessages } from '../i18n/language.ts';

export interface FailureBannerProps {
  readonly state: Pick<HistoryState, 'failure' | 'answeredAtMs'>;
  readonly onRetry: () => void;
}

/** Why numbers are missing or old, how old they are, and a way to ask again. */
export function FailureBanner({ state: { failure, answeredAtMs }, onRetry }: FailureBannerProps) {
  const { error } = useMessages();
  return (
    // Always there, so that a screen reader hears when it fills.
    <div role="status" aria-live="polite">
      {failure && (
        <div class="banner">
          <p>
            <strong>{error.title}.</strong> {error.causes[failure.code] ?? error.causes['other']}{' '}
            {answeredAtMs !== undefined && error.age(formatTime(answeredAtMs))}
          </p>
          <button type="button" class="button" onClick={onRetry}>
            {error.retry}
          </button>
        </div>
      )}
    </div>
  );
}
