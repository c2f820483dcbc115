/** One row for each group, with the histogram of all its hours: counted by bucket first, then gathered. */
export function sumUp(into: string, source: string, time: string, keys: readonly string[]): string {
  const by = keys.map((key) => `, ${key}`).join('')
  const firstOf = (column: string) => `sum(${column}) FILTER (WHERE held.place = 1) AS ${column}`
  return `INSERT INTO ${into} (id, workspace_id, hour${by}, gets, renders, tool_calls, failed, last_at,
      bucket_numbers, bucket_counts)
    SELECT gen_random_uuid(), $1::uuid, moment${by}, sum(gets), sum(renders), sum(tool_calls), sum(failed),
      max(last_at), array_agg(bucket ORDER BY bucket), array_agg(count ORDER BY bucket)
    FROM (
      SELECT ${time} AS moment${by}, held.bucket, sum(held.count) AS count,
        ${['gets', 'renders', 'tool_calls', 'failed'].map(firstOf).join(', ')}, max(last_at) AS last_at
      FROM ${source}, unnest(bucket_numbers, bucket_counts) WITH ORDINALITY AS held (bucket, count, place)
      WHERE workspace_id = $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz
      GROUP BY moment${by}, held.bucket
    ) AS counted GROUP BY moment${by}`
}

export const WAY = ['surface', 'client_name'] as const
export const PROMPT = ['prompt_id', 'version_number'] as const
