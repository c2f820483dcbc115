import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Actor } from '#lib/access/actor.ts'
import { commandLine } from '../database/arguments.ts'

/** What a command answers: a text for people, and the same as data for `--json`. */
export interface Answer {
  text: string
  data: unknown
  /** It did what it was asked, and what it found is bad: the exit code is 1. */
  isBad?: boolean
}

/** What a command was given. */
export interface Invocation {
  /** One for each of the command's arguments. */
  readonly values: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

interface Described {
  /** What follows its name, in order: `E-MAIL`. One in brackets may be left out. */
  readonly args?: readonly string[]
  readonly options?: Readonly<Record<string, Option>>
  readonly does: string
  /** More about it, for its `--help`. */
  readonly more?: string
  readonly example: string
  /** Its answer is told on stderr: stdout holds what it made. */
  takesStdout?(given: Invocation): boolean
}

interface Option {
  /** Name of its value; left out: it is said or not. */
  readonly value?: string
  readonly does: string
}

/** Works with the app's operations, as the operator. */
interface AppCommand extends Described {
  readonly as: 'operator'
  run(actor: Actor, given: Invocation): Promise<Answer>
}

/** Opens by itself what it needs. */
interface PlainCommand extends Described {
  readonly as: 'program'
  run(given: Invocation): Promise<Answer>
}

export type Command = AppCommand | PlainCommand
export type Commands = Readonly<Record<string, Command>>

/** The command line is wrong; the exit code is 2. */
export class UsageError extends Error {}

const COMMON = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options']

/** The command line, taken apart. `name` is undefined where help about everything is wanted. */
export interface CommandLine {
  readonly name: string | undefined
  readonly wantsHelp: boolean
  readonly isJson: boolean
  readonly given: Invocation
}

/** @throws UsageError that says what there is */
export function readCommandLine(args: readonly string[], commands: Commands): CommandLine {
  const name = nameIn(args, commands)
  const command = name === undefined ? undefined : commands[name]
  const { values, positionals } = parsed(args, command)
  const { help = false, json = false, ...options } = values
  const wantsHelp = help === true || positionals[0] === 'help'
  const isJson = json === true
  if (command === undefined || name === undefined) {
    if (wantsHelp || positionals.length === 0)
      return { name: undefined, wantsHelp: true, isJson, given: { values: [], options: {} } }
    throw new UsageError(
      `There is no command "${positionals.join(' ')}".\n\n${overview(near(positionals, commands))}`,
    )
  }
  const rest = positionals.slice(name.split(' ').length)
  if (!wantsHelp) checkCount(name, command, rest)
  return { name, wantsHelp, isJson, given: { values: rest, options } }
}

/** The commands of the group that was named; all of them where none was. */
function near([group]: readonly string[], commands: Commands): Commands {
  const own = Object.entries(commands).filter(([name]) => name.split(' ')[0] === group)
  return own.length === 0 ? commands : Object.fromEntries(own)
}

/** A command is one word, or a group and what is done in it. */
function nameIn(args: readonly string[], commands: Commands): string | undefined {
  const [first = '', second = ''] = args.filter((arg) => arg === '-' || !arg.startsWith('-'))
  return [`${first} ${second}`, first].find((name) => Object.hasOwn(commands, name))
}

function parsed(args: readonly string[], command: Command | undefined) {
  const own = Object.entries(command?.options ?? {}).map(
    ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' } as const] as const,
  )
  try {
    return parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(own), ...COMMON },
      allowPositionals: true,
      strict: command !== undefined,
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function checkCount(name: string, command: Command, rest: readonly string[]): void {
  const { args = [] } = command
  const least = args.filter((arg) => !arg.startsWith('[')).length
  if (rest.length >= least && rest.length <= args.length) return
  const missing = args.slice(rest.length, least)
  const wrong =
    missing.length > 0 ? `${missing.join(' ')} is missing.` : `"${rest[args.length]}" is too much.`
  throw new UsageError(`${wrong}\n\n${help(name, command)}`)
}

function signature(name: string, { args = [], options = {} }: Command): string {
  const flags = Object.entries(options).map(([flag, { value }]) => `[--${flag}${value ? ` ${value}` : ''}]`)
  return [name, ...args, ...flags].join(' ')
}

/** All commands, one a line. */
export function overview(commands: Commands): string {
  const lines = Object.entries(commands).map(([name, command]) => {
    const shown = [name, ...(command.args ?? [])].join(' ')
    return `  ${shown.padEnd(36)} ${command.does}`
  })
  return [
    commandLine('admin -- COMMAND'),
    '',
    ...lines,
    '',
    'Each has --help, and --json for programs (with npm run --silent). Exit codes: 0 done, 1 failed or found bad, 2 wrong command line.',
  ].join('\n')
}

/** What one command does. */
export function help(name: string, command: Command): string {
  const options = Object.entries(command.options ?? {}).map(
    ([flag, { value, does }]) => `  ${`--${flag}${value ? ` ${value}` : ''}`.padEnd(24)} ${does}`,
  )
  return [
    commandLine(`admin -- ${signature(name, command)}`),
    '',
    `It ${command.does}.${command.more === undefined ? '' : ` ${command.more}`}`,
    ...(options.length === 0 ? [] : ['', ...options]),
    '',
    `Example: ${command.example}`,
  ].join('\n')
}
