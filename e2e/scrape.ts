/** What one scrape of an app has, by series as it is written: `name{label="value"}`. */
export async function scrape(app: { url: string }): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${app.url}/metrics`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}: ${text}`)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))] as const
    }),
  )
}

/** What has come to each series of one metric between two scrapes, without those to which nothing came. */
export function growth(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  metric: string,
): Record<string, number> {
  const grown = [...after]
    .filter(([series]) => series === metric || series.startsWith(`${metric}{`))
    .map(([series, value]) => [series.slice(metric.length), value - (before.get(series) ?? 0)] as const)
    .filter(([, change]) => change !== 0)
  return Object.fromEntries(grown.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
