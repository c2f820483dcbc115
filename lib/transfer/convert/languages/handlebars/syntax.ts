/* What a template of Handlebars consists of. */

export interface Path {
  type: 'path'
  /** How often it begins with `../`. */
  up: number
  /** It begins with `@`. */
  isData: boolean
  /** It begins with `this` or `.`, so that it is no helper and no parameter of a block. */
  isThis: boolean
  parts: string[]
  at: number
}
export interface Literal {
  type: 'literal'
  value: string | number | boolean | null
  at: number
}
export interface Call {
  type: 'call'
  callee: Argument
  args: Argument[]
  hash: [name: string, value: Argument][]
  at: number
}
export type Argument = Path | Literal | Call

/** White space is to be dropped before or behind the braces. */
export interface Strip {
  open: boolean
  close: boolean
}

export interface Content {
  type: 'content'
  value: string
  readonly original: string
  isRightStripped: boolean
  isLeftStripped: boolean
}
export interface Output {
  type: 'output'
  call: Call
  strip: Strip
}
export interface Block {
  type: 'block'
  call: Call
  names: string[]
  program: Program | undefined
  inverse: Program | undefined
  openStrip: Strip
  inverseStrip: Strip
  closeStrip: Strip
  /** It is `{{else if}}`, the only thing in its parent's inverse. */
  isDecorator: boolean
}
export interface Partial {
  type: 'partial'
  call: Call
  indent: string
  strip: Strip
}
export interface Comment {
  type: 'comment'
  text: string
  strip: Strip
}
export type Statement = Content | Output | Block | Partial | Comment

export interface Program {
  body: Statement[]
  /** The inverse of `{{else if}}`. */
  isChained: boolean
}

export function content(text: string): Content {
  return { type: 'content', value: text, original: text, isRightStripped: false, isLeftStripped: false }
}
