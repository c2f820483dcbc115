import { type Answer, call, metric } from './api.ts'

/** What docs/reliability.md promises, in milliseconds. */
export const HELD_AT_MOST_MS = 300

interface App {
  url: string
}

/** The longest time, in milliseconds, that the app's event loop was held since this was last asked. */
async function longestHold(app: App): Promise<number> {
  return 1000 * (await metric(app, 'incipit_event_loop_delay_seconds{quantile="1"}'))
}

/** Renders something harmless again and again, as other clients would meanwhile. */
function otherClients(app: App): { stop(): Promise<Answer[]> } {
  const answers: Answer[] = []
  const state = { isOver: false }
  const client = async () => {
    while (!state.isOver) answers.push(await call(app, 'GET', '/api/prompts/harmless/render?who=you'))
  }
  const running = client()
  // Told by stop(); until then the attack's own failure matters more.
  running.catch(() => undefined)
  return {
    async stop() {
      state.isOver = true
      await running
      return answers
    },
  }
}

/** How many times longer than alone a thread takes here at the moment, since others use the machine. */
function slowdown(): number {
  const SPIN_US = 30_000
  const before = process.threadCpuUsage()
  const started = performance.now()
  for (;;) {
    const { user, system } = process.threadCpuUsage(before)
    if (user + system >= SPIN_US) return Math.max(1, (performance.now() - started) / (SPIN_US / 1000))
  }
}

/**
 * Does something hostile while others are served, who render a prompt named `harmless` that takes `who`; milliseconds that the event loop was held at most. The
 * machine may hold the process too: only what happens every time counts, by what it takes alone.
 */
export async function longestHoldDuring(app: App, attack: () => Promise<void>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 5 && shortest >= HELD_AT_MOST_MS; attempt++) {
    const slowBefore = slowdown()
    await longestHold(app)
    const others = otherClients(app)
    await attack()
    const answers = await others.stop()
    const held = await longestHold(app)
    shortest = Math.min(shortest, held / Math.max(slowBefore, slowdown()))
    const served = answers.filter(({ status }) => status === 200).length
    if (served === 0 || served < answers.length)
      throw new Error(`Of ${answers.length} other requests ${served} were served`)
  }
  return shortest
}
