/** A table as prisma/schema.prisma describes it. */
export interface DescribedTable {
  table: string
  columns: DescribedColumn[]
  /** Columns of the primary key and of every unique constraint. */
  uniques: string[][]
  references: DescribedReference[]
}

export interface DescribedColumn {
  name: string
  /** As PostgreSQL's format_type prints it, such as "timestamp(3) with time zone". */
  type: string
  isNullable: boolean
}

export interface DescribedReference {
  columns: string[]
  model: string
  targetColumns: string[]
}

/** PostgreSQL's names for Prisma's types, by scalar type or @db attribute. */
const TYPES: Record<string, string> = {
  String: 'text',
  Boolean: 'boolean',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Decimal: 'numeric',
  DateTime: 'timestamp(3) without time zone',
  Json: 'jsonb',
  Bytes: 'bytea',
  Uuid: 'uuid',
  JsonB: 'jsonb',
  SmallInt: 'smallint',
  Date: 'date',
  Text: 'text',
}

/**
 * Reads the models out of a Prisma schema: the part of its grammar that this project uses.
 * @throws Error naming a type that it does not know
 */
export function readSchemaFile(source: string): Map<string, DescribedTable> {
  const models = new Map<string, DescribedTable>()
  for (const [, name = '', body = ''] of source.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)) {
    models.set(name, readModel(name, body))
  }
  return models
}

function readModel(name: string, body: string): DescribedTable {
  const described: DescribedTable = { table: name, columns: [], uniques: [], references: [] }
  for (const line of body.split('\n').map((text) => text.trim())) {
    if (line === '' || line.startsWith('//')) continue
    const map = /^@@map\("(\w+)"\)/.exec(line)
    const unique = /^@@(?:id|unique)\(\[(.*?)\]/.exec(line)
    if (map) described.table = map[1] ?? name
    else if (unique) described.uniques.push(nameList(unique[1]))
    else if (!line.startsWith('@@')) readField(line, described)
  }
  return described
}

function readField(line: string, described: DescribedTable): void {
  const [, name = '', type = '', modifier = '', attributes = ''] =
    /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line) ?? []
  const relation = /@relation\(.*?fields: \[(.*?)\], references: \[(.*?)\]/.exec(attributes)
  if (relation) {
    const [, columns, targetColumns] = relation
    described.references.push({
      columns: nameList(columns),
      model: type,
      targetColumns: nameList(targetColumns),
    })
    return
  }
  // The other side of a relation has no column.
  if (TYPES[type] === undefined) return
  const native = /@db\.(\w+)(?:\(([\d, ]+)\))?/.exec(attributes)
  const isList = modifier === '[]'
  described.columns.push({
    name,
    type: `${nativeType(native?.[1] ?? type, native?.[2])}${isList ? '[]' : ''}`,
    isNullable: modifier === '?',
  })
  if (/@(id|unique)\b/.test(attributes)) described.uniques.push([name])
}

function nativeType(name: string, argument: string | undefined): string {
  if (name === 'Timestamptz') return `timestamp(${argument ?? 6}) with time zone`
  if (name === 'Json') return 'json'
  if (name === 'VarChar') return `character varying(${argument})`
  const type = TYPES[name]
  if (type === undefined)
    throw new Error(`prisma/schema.prisma uses @db.${name}, which this check does not know.`)
  return argument === undefined ? type : `${type}(${argument.replaceAll(' ', '')})`
}

function nameList(text = ''): string[] {
  return text.split(',').map((name) => name.trim())
}
