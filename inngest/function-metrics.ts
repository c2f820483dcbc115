import { addCounter, addGauge, unlessAway } from '#lib/metrics.ts'
import { embedded } from './client.ts'
import { RUNS } from './count-runs.ts'

/** Adds functions and the queue of the embedded runner to /metrics. */
export function addFunctionMetrics(): void {
  addCounter({
    name: RUNS,
    help: 'Calls of background functions in this instance that ended them, by outcome: succeeded, failed, retried (it failed and is called again)',
    labelNames: ['function', 'outcome'],
  })
  addGauge({
    name: 'incipit_background_jobs',
    help: 'Background jobs of this instance: those it works on, and as many as it may; none where an Inngest server runs them',
    labelNames: ['state'],
    collect() {
      const stats = embedded().runner?.stats()
      if (stats === undefined) return
      this.set({ state: 'running' }, stats.running)
      this.set({ state: 'possible' }, stats.workers)
    },
  })
  addGauge({
    name: 'incipit_queue_jobs',
    help: 'Jobs of the embedded runner, of all instances, by function and state: waiting, later (asleep, or to be tried again), running. Every instance tells the same',
    labelNames: ['function', 'state'],
    async collect() {
      const jobs = await unlessAway(async () => embedded().runner?.queued())
      if (jobs === undefined) return
      this.reset()
      for (const { functionId, state, count } of jobs) this.set({ function: functionId, state }, count)
    },
  })
}
