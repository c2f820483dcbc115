import { type Checked, type Finding, RULES } from './finding.ts'

/** SARIF 2.1.0, as code hosts show it beside the lines of a change. */
export function sarifReport({ findings, version }: Checked): string {
  const rules = Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } }))
  const results = findings.map(({ rule, level, message, file, line, column }) => ({
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
          ...(line !== undefined && {
            region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
          }),
        },
      },
    ],
  }))
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'incipit', semanticVersion: version, rules } },
          // Columns count UTF-16 units.
          columnKind: 'utf16CodeUnits',
          results,
        },
      ],
    },
    null,
    2,
  )
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/')
}

/** JUnit's XML, as CI systems show it: a case for each file, which fails by its errors. */
export function junitReport({ findings, files }: Checked): string {
  const all = [...new Set([...files, ...findings.map(({ file }) => file)])].toSorted()
  const errors = findings.filter(({ level }) => level === 'error')
  const failed = new Set(errors.map(({ file }) => file))
  const cases = all.map((file) => {
    const own = findings.filter((each) => each.file === file)
    const failures = own.filter(({ level }) => level === 'error').map(failureOf)
    const warnings = own.filter(({ level }) => level === 'warning').map(lineOf)
    const output = warnings.length === 0 ? '' : `<system-out>${xml(warnings.join('\n'))}</system-out>`
    return `    <testcase classname="incipit.check" name="${xml(file)}">${failures.join('')}${output}</testcase>`
  })
  const counts = `tests="${all.length}" failures="${failed.size}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="incipit" ${counts}>`,
    `  <testsuite name="incipit check" ${counts} errors="0" skipped="0">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')
}

function failureOf(finding: Finding): string {
  return `<failure type="${finding.rule}" message="${xml(finding.message)}">${xml(lineOf(finding))}</failure>`
}

/** As compilers write it, so that editors and terminals find the place. */
function lineOf({ file, line, column, level, message, rule }: Finding): string {
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined)
  return `${place.join(':')}: ${level}: ${message} [${rule}]`
}

export function textReport({ findings, files }: Checked): string[] {
  const errors = findings.filter(({ level }) => level === 'error').length
  const warnings = findings.length - errors
  return [
    ...findings.map(lineOf),
    `${counted(files.length, 'file')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}.`,
  ]
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** What XML cannot hold in any form, half a surrogate pair included. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

function xml(text: string): string {
  return text
    .replaceAll(NO_XML, '\uFFFD')
    .replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
    .replaceAll('\n', '&#10;')
}
