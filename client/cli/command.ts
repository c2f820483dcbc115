import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { incipitError } from '../http/problem.ts'

/** What a shell is told. docs/git.md lists them. */
export const EXIT = {
  well: 0,
  /** The answer is no: something differs, was found, or is in conflict. */
  no: 1,
  /** The command line, a file or the settings are wrong. */
  usage: 2,
  /** The instance is away, or failed. */
  away: 3,
  /** This key may not. */
  denied: 4,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a command has to say: as lines for people, or as JSON. */
export interface Result {
  code: ExitCode
  lines: readonly string[]
  data: unknown
}

export interface Given {
  words: readonly string[]
  /** The option's last value. */
  text: (name: string) => string | undefined
  /** All values of an option that can be repeated. */
  list: (name: string) => readonly string[]
  flag: (name: string) => boolean
}

export interface OptionHelp {
  type: 'string' | 'boolean'
  multiple?: boolean
  short?: string
  /** What stands for its value in the help. */
  value?: string
  help: string
}

export interface Command {
  name: string
  /** Words after the name, such as `[NAME…]`. */
  words: string
  summary: string
  details: string
  options: Readonly<Record<string, OptionHelp>>
  run: (given: Given) => Promise<Result>
}

/** What every command takes. */
const COMMON: Readonly<Record<string, OptionHelp>> = {
  url: { type: 'string', value: 'URL', help: 'Address of the instance. Default: INCIPIT_URL' },
  profile: { type: 'string', value: 'NAME', help: 'An instance that you are signed in to (incipit login)' },
  json: { type: 'boolean', help: 'Answer as JSON' },
  help: { type: 'boolean', short: 'h', help: 'Show this text' },
}

export const FOLDER: Readonly<Record<string, OptionHelp>> = {
  dir: { type: 'string', short: 'd', value: 'FOLDER', help: 'Folder of the prompt files. Default: prompts' },
}

/** @throws IncipitError `usage` that names what is wrong */
export function readArguments(command: Command, args: readonly string[]): Given {
  const options = { ...command.options, ...COMMON }
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short !== undefined && { short }), ...(multiple !== undefined && { multiple }) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true })
    const valuesOf = (name: string) => [values[name]].flat().filter((each) => typeof each === 'string')
    return {
      words: positionals,
      text: (name) => valuesOf(name).at(-1),
      list: valuesOf,
      flag: (name) => values[name] === true,
    }
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error)
    throw usage(`${message}. incipit ${command.name} --help tells what there is.`)
  }
}

export function usage(message: string) {
  return incipitError('usage', message)
}

/** The help of a command, as lines. */
export function helpOf(command: Command): string[] {
  const rows = Object.entries({ ...command.options, ...COMMON }).map(([name, { short, value, help }]) => {
    const names = short === undefined ? `--${name}` : `-${short}, --${name}`
    return [value === undefined ? names : `${names} ${value}`, help] as const
  })
  const width = Math.max(...rows.map(([names]) => names.length)) + 2
  return [
    `incipit ${[command.name, command.words].filter((part) => part !== '').join(' ')}`,
    '',
    ...command.details.trim().split('\n'),
    '',
    ...rows.map(([names, help]) => `  ${names.padEnd(width)}${help}`),
  ]
}

/** A whole number from 1 on. */
export function versionIn(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw usage(`"${text}" is no version: it is a whole number from 1 on.`)
  return Number(text)
}
