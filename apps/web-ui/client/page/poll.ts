import { type Color, shownText } from '@pipeline/event-schema';
import { type EventResult, type TagListener } from '@pipeline/tag';
import { Store } from '../store.ts';
import { nameMistake, type NameMistake } from './pick-name.ts';
import { type OwnPick } from './own-picks.ts';

/** What the page tells the visitor about their latest pick. */
export type Notice =
  | { readonly kind: 'none' }
  | { readonly kind: 'mistake'; readonly mistake: NameMistake }
  | { readonly kind: 'picked'; readonly name: string; readonly color: Color }
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused' };

export interface PollState {
  readonly name: string;
  readonly picks: readonly OwnPick[];
  /** The latest pick, and how many there were: a second pick of the same colour shows too. */
  readonly last: { readonly color: Color; readonly count: number } | undefined;
  readonly notice: Notice;
  /** An attempt to send failed; what waits is sent later. */
  readonly waiting: boolean;
}

const NONE: Notice = { kind: 'none' };

/** Takes an event and brings it to the collector; returns its id. */
export type Track = (type: string, fields: Readonly<Record<string, unknown>>) => string | undefined;

interface NameMemory {
  get(): string;
  set(name: string): void;
}

/** The visitor's side of the page: name, picks and what became of them. Shows a pick before anybody has taken it. */
export class Poll implements TagListener {
  readonly state: Store<PollState>;
  private readonly memory: NameMemory;
  private readonly now: () => number;
  private track: Track = () => undefined;

  constructor({ memory, now }: { memory: NameMemory; now: () => number }) {
    this.memory = memory;
    this.now = now;
    this.state = new Store<PollState>({
      name: memory.get(),
      picks: [],
      last: undefined,
      notice: NONE,
      waiting: false,
    });
  }

  /** The tag reports to this object, so it exists only afterwards. */
  connect(track: Track): void {
    this.track = track;
  }

  rename(name: string): void {
    const { notice } = this.state.value;
    this.change({ name, notice: notice.kind === 'mistake' ? NONE : notice });
  }

  /** Whether the pick was taken; otherwise the notice says what is wrong with the name. */
  pick(color: Color): boolean {
    const name = shownText(this.state.value.name);
    const mistake = nameMistake(name);
    if (mistake) {
      this.change({ notice: { kind: 'mistake', mistake } });
      return false;
    }
    this.memory.set(name);
    const id = this.track('select-color', { user_name: name, color_name: color });
    const { picks, last } = this.state.value;
    this.change({
      picks: id === undefined ? picks : [...picks, { id, name, color, pickedAt: this.now() }],
      last: { color, count: (last?.count ?? 0) + 1 },
      notice: id === undefined ? { kind: 'refused' } : { kind: 'picked', name, color },
    });
    return true;
  }

  /** Takes the picks as they are now known to be. */
  reconcile(picks: readonly OwnPick[]): void {
    if (picks !== this.state.value.picks) this.change({ picks });
  }

  onDelay(): void {
    const { picks } = this.state.value;
    if (picks.some(({ acceptedAt }) => acceptedAt === undefined)) this.change({ waiting: true });
  }

  onResults(results: readonly EventResult[]): void {
    const { picks, notice, waiting } = this.state.value;
    const byId = new Map(results.map((result) => [result.id, result.status]));
    // Settled page views say nothing of a pick that still waits.
    if (picks.some(({ acceptedAt }) => acceptedAt === undefined) && !picks.some(({ id }) => byId.has(id)))
      return;
    const refused = picks.some(({ id }) => byId.get(id) === 'rejected');
    this.change({
      picks: picks
        .filter(({ id }) => byId.get(id) !== 'rejected')
        .map((pick) => (byId.has(pick.id) ? { ...pick, acceptedAt: this.now() } : pick)),
      notice: refused ? { kind: 'refused' } : waiting ? { kind: 'sent' } : notice,
      waiting: false,
    });
  }

  private change(change: Partial<PollState>): void {
    this.state.set({ ...this.state.value, ...change });
  }
}
