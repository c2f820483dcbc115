import pg from 'pg'

/** A statement as it went to the server. */
interface SentQuery {
  text: string
  values: unknown[]
  /** Prepared ones may be planned for any values. */
  isNamed: boolean
}

/** What running a statement cost. */
interface QueryCost {
  /** Tables that were read from end to end, with how many rows that was. */
  sequential: Map<string, number>
  /** Rows that were looked at in tables and indexes, also inside functions. */
  examined: number
}

/** Runs work and answers the reading statements that it sent on any connection, each text once. */
async function sentQueries(work: () => Promise<unknown>): Promise<SentQuery[]> {
  const sent = new Map<string, SentQuery>()
  const original: unknown = Reflect.get(pg.Client.prototype, 'query')
  if (typeof original !== 'function') throw new Error('pg.Client has no method query')
  function recording(this: pg.Client, ...args: unknown[]): unknown {
    const query = readQuery(args)
    if (query !== undefined && /^\s*(SELECT|WITH)\b/i.test(query.text) && !sent.has(query.text))
      sent.set(query.text, query)
    return Reflect.apply(original as () => unknown, this, args)
  }
  Reflect.set(pg.Client.prototype, 'query', recording)
  try {
    await work()
  } finally {
    Reflect.set(pg.Client.prototype, 'query', original)
  }
  return [...sent.values()]
}

function readQuery([query, values]: unknown[]): SentQuery | undefined {
  if (typeof query === 'string')
    return { text: query, values: Array.isArray(values) ? values : [], isNamed: false }
  if (typeof query !== 'object' || query === null || !('text' in query)) return undefined
  const given = 'values' in query && Array.isArray(query.values) ? query.values : values
  return {
    text: String(query.text),
    values: Array.isArray(given) ? given : [],
    isNamed: 'name' in query && query.name !== undefined && query.name !== '',
  }
}

/** Runs a statement again, in a transaction that is undone, and answers what it cost. */
async function costOf(client: pg.Client, query: SentQuery): Promise<QueryCost> {
  await client.query('BEGIN')
  try {
    const sequential = new Map<string, number>()
    for (const plan of await plans(client, query)) collectSequential(plan, sequential)
    // Counted where functions are counted too; parallel workers are not, so there are none.
    await client.query('SET LOCAL max_parallel_workers_per_gather = 0')
    const before = await rowsRead(client)
    await client.query(query.text, query.values)
    return { sequential, examined: (await rowsRead(client)) - before }
  } finally {
    await client.query('ROLLBACK')
  }
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}

interface Explained {
  'QUERY PLAN': [{ Plan: PlanNode }]
}

/** The plan for these values, and for a prepared statement also the one for any. */
async function plans(client: pg.Client, { text, values, isNamed }: SentQuery): Promise<PlanNode[]> {
  const found = [await client.query<Explained>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values)]
  if (isNamed && values.length > 0) {
    await client.query(`SET LOCAL plan_cache_mode = force_generic_plan`)
    await client.query(`PREPARE generic AS ${text}`)
    found.push(
      await client.query<Explained>(
        `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE generic (${values.map(literal).join(', ')})`,
      ),
    )
    await client.query('DEALLOCATE generic')
    await client.query(`SET LOCAL plan_cache_mode = auto`)
  }
  return found.flatMap(({ rows }) => rows.map((row) => row['QUERY PLAN'][0].Plan))
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (Array.isArray(value))
    return pg.escapeLiteral(`{${value.map((part) => JSON.stringify(part)).join(',')}}`)
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString())
  return pg.escapeLiteral(typeof value === 'string' ? value : JSON.stringify(value))
}

function collectSequential(node: PlanNode, found: Map<string, number>): void {
  const table = node['Relation Name']
  if (node['Node Type'] === 'Seq Scan' && table !== undefined) {
    // Both are numbers a loop; what all loops read together is counted as examined.
    const rows = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)
    found.set(table, Math.max(rows, found.get(table) ?? 0))
  }
  for (const child of node.Plans ?? []) collectSequential(child, found)
}

async function rowsRead(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ read: number }>(
    `SELECT (sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0)))::float8 AS read FROM pg_stat_xact_user_tables`,
  )
  return rows[0]?.read ?? 0
}

/** No plan reads more rows than this from a table from end to end. */
const SEQUENTIAL_MAX = 2000

/** Runs an operation, then each of its statements again, and tells which of them read too much. */
export async function readsTooMuch(
  client: pg.Client,
  work: () => Promise<unknown>,
  rowsMax: number,
): Promise<string[]> {
  const queries = await sentQueries(work)
  if (queries.length === 0) return ['it sent no statement']
  const found: string[] = []
  for (const query of queries) {
    const { sequential, examined } = await costOf(client, query)
    const where = `${query.text} ${JSON.stringify(query.values)}`
    for (const [table, rows] of sequential)
      if (rows > SEQUENTIAL_MAX) found.push(`${table} is read from end to end by ${where}`)
    if (examined > rowsMax) found.push(`${examined} rows are examined by ${where}`)
  }
  return found
}
