import { isAboutData } from './database.ts'

interface Waiting<In, Out> {
  item: In
  resolve: (result: Out) => void
  reject: (error: unknown) => void
}

/**
 * Does things together that are asked for at the same time: while one batch is on its way to the
 * database, the next one gathers. Alone, nothing waits.
 * @param work answers for each item, in order; all of them fail together, unless it is about the data
 */
export function together<In, Out>(
  most: number,
  work: (items: In[]) => Promise<Out[]>,
): (item: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = []
  let isBusy = false

  async function run(batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await work(batch.map(({ item }) => item))
      // As many results as items, as `work` promises.
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Out)
    } catch (error) {
      // One of them is at fault: each is tried by itself.
      if (batch.length > 1 && isAboutData(error)) for (const one of batch) await run([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  async function runAll(): Promise<void> {
    isBusy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      await run(batch)
    }
    isBusy = false
  }

  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Out>()
    waiting.push({ item, resolve, reject })
    if (!isBusy) void runAll()
    return promise
  }
}
