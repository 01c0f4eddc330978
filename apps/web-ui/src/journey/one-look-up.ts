/**
 * One look-up at a time: reading a topic is work for the broker, however many ask. Who comes meanwhile does not wait
 * and is told that there is no answer now.
 */
export class OneLookUp {
  private looking = false;

  /** @throws an error (as rejection) while another look-up is under way, else whatever `look` does. */
  async run<Found>(look: () => Promise<Found>): Promise<Found> {
    if (this.looking) throw new Error('another look-up is under way');
    this.looking = true;
    try {
      return await look();
    } finally {
      this.looking = false;
    }
  }
}
