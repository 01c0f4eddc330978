import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { parseInstant, type SelectColorRecord, type StoredEvent, TOPICS } from '@pipeline/event-schema';
import { KAFKA_BATCH, type RecordBatch } from '@pipeline/kafka-transport';
import { METRICS_REGISTRY, type Registry } from '@pipeline/observability';
import { type RecentEvent, RecentEvents } from '../journey/recent-events.ts';
import { ReceivedCounts } from '../status/received-counts.ts';
import { SearchableProbe } from '../status/searchable-probe.ts';
import { eventsOf, picksOf, toLiveEvent, viewsOf } from './live-event.ts';
import { LiveFeed } from './live-feed.ts';
import { liveMetrics, type LiveMetrics } from './subscribers.ts';

/** Takes every pick and page view from its topic, from the moment the process joins. */
@Controller()
export class LiveFeedController {
  private readonly metrics: LiveMetrics;

  constructor(
    @Inject(LiveFeed) private readonly feed: LiveFeed,
    @Inject(METRICS_REGISTRY) registry: Registry,
    @Inject(SearchableProbe) private readonly probe: SearchableProbe,
    @Inject(RecentEvents) private readonly recent: RecentEvents,
    @Inject(ReceivedCounts) private readonly received: ReceivedCounts,
  ) {
    this.metrics = liveMetrics(registry);
  }

  @EventPattern<string>(TOPICS.selectColor.name, KAFKA_BATCH)
  showPicks(@Payload() batch: RecordBatch): void {
    const picks = picksOf(this.read(batch));
    this.feed.accept(picks.map(toLiveEvent));
    void this.probe.follow(picks);
    for (const pick of picks) this.recent.add(recentEvent(pick));
    this.observe(batch, picks.length);
  }

  @EventPattern<string>(TOPICS.pageView.name, KAFKA_BATCH)
  countViews(@Payload() batch: RecordBatch): void {
    const views = viewsOf(this.read(batch));
    this.feed.acceptViews(views);
    this.observe(batch, views.length);
  }

  private read(batch: RecordBatch): StoredEvent[] {
    const events = eventsOf(batch);
    for (const { kafka_offset: offset, received_at } of events) {
      this.received.add(batch.topic, batch.partition, { offset, receivedMs: parseInstant(received_at) });
    }
    return events;
  }

  private observe(batch: RecordBatch, events: number): void {
    this.metrics.events.inc(events);
    const newest = batch.records.at(-1);
    if (newest) this.metrics.delaySeconds.observe(Math.max(0, Date.now() - newest.timestamp) / 1_000);
  }
}

function recentEvent(event: StoredEvent<SelectColorRecord>): RecentEvent {
  const { kafka_topic: topic, kafka_partition: partition, kafka_offset: offset } = event;
  return {
    eventId: event.event_id,
    position: { topic, partition, offset, receivedAt: event.received_at },
    pick: { userName: event.user_name, color: event.color_name },
  };
}
