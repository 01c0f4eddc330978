import { type FilterName } from '@pipeline/event-schema';
import { useState } from 'preact/hooks';
import { RANGES } from '../history/range.ts';
import { useMessages } from '../i18n/language.ts';
import { type RangeName, TABS } from '../i18n/messages.ts';
import { type Shown, toggled } from './url-state.ts';

export interface ControlsProps {
  readonly shown: Shown;
  readonly onShow: (shown: Shown) => void;
  /** What is shown has this address. */
  readonly href: (shown: Shown) => string;
}

/** The views: links, so that each can be opened beside the others. */
export function Tabs({ shown, onShow, href }: ControlsProps) {
  const messages = useMessages();
  return (
    <nav class="tabs" aria-label={messages.tabsLabel}>
      {TABS.map((tab) => (
        <a
          key={tab}
          href={href({ ...shown, tab })}
          aria-current={tab === shown.tab ? 'page' : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onShow({ ...shown, tab });
          }}
        >
          {messages.tabs[tab]}
        </a>
      ))}
    </nav>
  );
}

/** What of the events is shown: when, whose, compared with what. */
export function Controls(props: ControlsProps) {
  const { shown, onShow } = props;
  const messages = useMessages();
  return (
    <div class="controls">
      <RangePicker {...props} />
      <div class="switches">
        <label class="switch">
          <input
            type="checkbox"
            checked={shown.compares}
            onChange={({ currentTarget }) => onShow({ ...shown, compares: currentTarget.checked })}
          />
          {messages.compare}
        </label>
        <label class="switch">
          <input
            type="checkbox"
            checked={shown.withBots}
            onChange={({ currentTarget }) => onShow({ ...shown, withBots: currentTarget.checked })}
          />
          {messages.includeBots}
        </label>
        <ZonePicker {...props} />
      </div>
      <Chips {...props} />
    </div>
  );
}

/** How far to look back: radio buttons, so that arrow keys and screen readers work by themselves. */
function RangePicker({ shown, onShow }: ControlsProps) {
  const messages = useMessages();
  const isCustom = typeof shown.range === 'object';
  const [isOpen, setOpen] = useState(isCustom);
  return (
    <>
      <fieldset class="ranges">
        <legend class="sr-only">{messages.rangeLabel}</legend>
        {(Object.keys(RANGES) as RangeName[]).map((name) => (
          <label key={name} class="range">
            <input
              type="radio"
              name="range"
              class="sr-only"
              value={name}
              checked={name === shown.range && !isOpen}
              onChange={() => {
                setOpen(false);
                onShow({ ...shown, range: name });
              }}
            />
            <span>{messages.ranges[name]}</span>
          </label>
        ))}
        <label class="range">
          <input
            type="radio"
            name="range"
            class="sr-only"
            value="custom"
            checked={isOpen || isCustom}
            onChange={() => setOpen(true)}
          />
          <span>{messages.customRange}</span>
        </label>
      </fieldset>
      {(isOpen || isCustom) && <CustomRange shown={shown} onShow={onShow} />}
    </>
  );
}

function CustomRange({ shown, onShow }: Pick<ControlsProps, 'shown' | 'onShow'>) {
  const messages = useMessages();
  const { range, zone } = shown;
  const now = Date.now();
  const { fromMs, toMs } =
    typeof range === 'object' ? range : { fromMs: now - RANGES[range].spanMs, toMs: now };
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const [from, to] = ['from', 'to'].map((name) => momentIn(values.get(name) as string, zone));
    if (from !== undefined && to !== undefined && to > from)
      onShow({ ...shown, range: { fromMs: from, toMs: to } });
  };
  return (
    <form class="custom-range" onSubmit={submit}>
      <label>
        {messages.from}
        <input type="datetime-local" name="from" required defaultValue={wallClock(fromMs, zone)} />
      </label>
      <label>
        {messages.to}
        <input type="datetime-local" name="to" required defaultValue={wallClock(toMs, zone)} />
      </label>
      <button type="submit" class="button">
        {messages.apply}
      </button>
    </form>
  );
}

function ZonePicker({ shown, onShow }: ControlsProps) {
  const messages = useMessages();
  const { zone: _, ...others } = shown;
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [
    ...new Set([
      'UTC',
      'Asia/Seoul',
      'Europe/Berlin',
      'America/New_York',
      ...(shown.zone ? [shown.zone] : []),
    ]),
  ];
  return (
    <label class="zone">
      <span>{messages.zone}</span>
      <select
        value={shown.zone ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onShow(value === '' ? others : { ...others, zone: value })
        }
      >
        <option value="">{messages.localZone(local)}</option>
        {zones.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The filters that are on; a click takes one off. */
function Chips({ shown, onShow }: ControlsProps) {
  const messages = useMessages();
  const entries = Object.entries(shown.filters) as [FilterName, string][];
  if (entries.length === 0) return null;
  return (
    <div class="filters">
      <ul class="chips" aria-label={messages.filtersLabel}>
        {entries.map(([name, value]) => {
          const isColor = name === 'color' && Object.hasOwn(messages.colors, value);
          const label = isColor
            ? messages.colors[value as keyof typeof messages.colors]
            : (messages.words[value] ?? value);
          return (
            <li key={name}>
              <button
                type="button"
                class="chip"
                aria-label={messages.removeFilter(`${messages.filterNames[name]} ${label}`)}
                onClick={() => onShow(toggled(shown, name, value))}
              >
                {messages.filterNames[name]}: <strong>{label}</strong> <span aria-hidden="true">×</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p class="hint">{messages.onlyStored}</p>
    </div>
  );
}

/** A moment as a clock in the zone shows it, for a field of date and time. */
export function wallClock(ms: number, zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('sv', {
    dateStyle: 'short',
    timeStyle: 'short',
    ...(zone && { timeZone: zone }),
  }).format(new Date(ms));
  return parts.replace(' ', 'T');
}

/** The moment at which a clock in the zone shows that; `undefined` where it is no date and time. */
export function momentIn(text: string, zone: string | undefined): number | undefined {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offset of the zone at the moment that is sought, found from one that is less than a day away.
  let ms = asUtc;
  for (let round = 0; round < 2; round++)
    ms = asUtc - (Date.parse(`${wallClock(ms, zone)}Z`) - Math.floor(ms / 60_000) * 60_000);
  return ms;
}
