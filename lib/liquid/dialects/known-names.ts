/*
 * Names of other template languages: what they are called here, or what to do instead. Filters come from
 * Jinja, Twig, Nunjucks, Handlebars helpers and other Liquids; tags from Jinja, Twig, Django and other Liquids.
 */

/** A table in which nothing is found that was not put in. */
function mapOf(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(table))
}

/** Filters that exist here under another name; methods of Python and JavaScript are looked up here, too. */
export const FILTERS_ELSEWHERE: ReadonlyMap<string, string> = mapOf({
  tojson: 'json',
  to_json: 'json',
  json_encode: 'json',
  jsonify: 'json',
  dump: 'json',
  stringify: 'json',
  inspect: 'json',
  pprint: 'json',
  length: 'size',
  len: 'size',
  count: 'size',
  lower: 'downcase',
  lowercase: 'downcase',
  tolowercase: 'downcase',
  upper: 'upcase',
  uppercase: 'upcase',
  touppercase: 'upcase',
  allcaps: 'upcase',
  title: 'capitalize',
  titlecase: 'capitalize',
  capitalise: 'capitalize',
  ucfirst: 'capitalize',
  trim: 'strip',
  trimstart: 'lstrip',
  trimend: 'rstrip',
  e: 'escape',
  escape_once: 'escape',
  forceescape: 'escape',
  urlencode: 'url_encode',
  url_escape: 'url_encode',
  int: 'to_integer',
  integer: 'to_integer',
  to_number: 'to_integer',
  float: 'plus: 0',
  unique: 'uniq',
  d: 'default',
  default_if_none: 'default',
  fallback: 'default',
  concatenate: 'append',
  add: 'plus',
  subtract: 'minus',
  multiply: 'times',
  divide: 'divided_by',
  mod: 'modulo',
  number_format: 'round',
  tofixed: 'round',
  max: 'sort | last',
  min: 'sort | first',
  selectattr: 'where',
  select: 'where',
  filter: 'where',
  rejectattr: 'reject',
  attr: 'map',
  pluck: 'map',
  truncate_words: 'truncatewords',
  ellipsis: 'truncate',
  newline_to_br: 'replace',
  cut: 'remove',
  without: 'remove',
  collapse_whitespace: 'squish',
  normalize_whitespace: 'squish',
  merge: 'concat',
  array_to_sentence: 'array_to_sentence_string',
  reversed: 'reverse',
})

/** Filters that need nothing or something else here. */
export const NO_FILTERS: ReadonlyMap<string, string> = mapOf({
  safe: 'Nothing is escaped here, so leave it out',
  raw: 'Nothing is escaped here, so leave it out; as a tag, {% raw %} keeps braces as they are',
  striptags: 'Nothing takes tags out of a text here: pass it without them',
  strip_html: 'Nothing takes tags out of a text here: pass it without them',
  wordwrap: 'Lines are not broken here: leave it out',
  string: 'Every output is text, so leave it out',
  list: 'A list is one already, so leave it out',
  date: 'Nothing reads the clock here: pass the date as a variable, in the form in which it is to be read',
  strftime:
    'Nothing reads the clock here: pass the date as a variable, in the form in which it is to be read',
  random: 'The same values always give the same text here: pass what was chosen as a variable',
  sample: 'The same values always give the same text here: pass what was chosen as a variable',
  shuffle: 'The same values always give the same text here: pass the list in its order',
  indent: 'Write the white space before the output, or use replace with a line break',
  items:
    'A loop over an object gives [key, value] pairs: {% for pair in object %}{{ pair[0] }}: {{ pair[1] }}{% endfor %}',
  dictsort:
    'A loop over an object gives [key, value] pairs: {% for pair in object %}{{ pair[0] }}: {{ pair[1] }}{% endfor %}',
  groupby: 'Group the list before it is passed',
  format: 'Use append, prepend, round or replace',
  markdown: 'The text is sent as it is: leave it out',
  md5: 'Hashes and codings are not among the filters: pass the result as a variable',
  sha256: 'Hashes and codings are not among the filters: pass the result as a variable',
  base64_encode: 'Hashes and codings are not among the filters: pass the result as a variable',
  base64_decode: 'Hashes and codings are not among the filters: pass the result as a variable',
})

const RENDER = 'Another prompt is put in with {% render "name", x: x %}; it sees only what is passed to it'
const NO_MACROS =
  'There are no macros: make the text a prompt of its own and put it in with {% render "name", x: x %}'
const NO_LAYOUTS = 'There are no layouts: put the shared part in with {% render "name", x: x %}'
const LOOPS_RUN =
  'A loop runs through: choose its items with limit, offset or the filter where, or test them with {% if %}'
const COUNT = 'In a loop {{ forloop.index }} counts; elsewhere {% assign n = n | plus: 1 %}'

/** Tags that do not exist here, and what to write instead. */
export const TAGS_ELSEWHERE: ReadonlyMap<string, string> = mapOf({
  set: 'Write {% assign x = value %}; a value is one line, with filters behind it',
  let: 'Write {% assign x = value %}',
  endset: 'Write {% assign x = value %}; a value is one line, with filters behind it',
  capture: 'Write {% assign x = a | append: b %}: append and prepend join texts',
  endcapture: 'Write {% assign x = a | append: b %}: append and prepend join texts',
  elif: 'Write {% elsif condition %}',
  elseif: 'Write {% elsif condition %}',
  include: RENDER,
  import: NO_MACROS,
  from: NO_MACROS,
  macro: NO_MACROS,
  endmacro: NO_MACROS,
  call: NO_MACROS,
  extends: NO_LAYOUTS,
  layout: NO_LAYOUTS,
  block: NO_LAYOUTS,
  endblock: NO_LAYOUTS,
  super: NO_LAYOUTS,
  break: LOOPS_RUN,
  continue: LOOPS_RUN,
  cycle: 'Write {% assign n = forloop.index0 | modulo: 2 %} and test it with {% if %}',
  increment: COUNT,
  decrement: COUNT,
  tablerow: 'Write {% for %} with the text of a row',
  foreach: 'Write {% for item in list %}…{% endfor %}',
  while: 'Write {% for item in list %}…{% endfor %}',
  echo: 'Write {{ value }}',
  print: 'Write {{ value }}',
  do: 'Nothing is run here; values come as variables',
  liquid: 'Write each statement as a tag of its own',
  switch: 'Write {% case x %}{% when "a" %}…{% endcase %}',
  verbatim: 'Write {% raw %}…{% endraw %}',
  endverbatim: 'Write {% raw %}…{% endraw %}',
  doc: 'Write {% comment %}…{% endcomment %}',
  with: 'Write {% assign x = value %}',
  endwith: 'Write {% assign x = value %}',
  filter: 'Put the filter behind each value: {{ x | upcase }}',
  autoescape: 'Nothing is escaped here, so leave it out',
  endautoescape: 'Nothing is escaped here, so leave it out',
  trans: 'Make a prompt for each language, or pass the text as a variable',
  load: 'All filters are there: leave it out',
  now: 'Nothing reads the clock here: pass the date as a variable',
  chat: 'Roles are the messages of a chat prompt',
  message: 'Roles are the messages of a chat prompt',
  system: 'Roles are the messages of a chat prompt',
  user: 'Roles are the messages of a chat prompt',
  assistant: 'Roles are the messages of a chat prompt',
})

/** Filters of other languages that change nothing here, so that they can be left out. */
export const NEEDLESS_FILTERS: ReadonlySet<string> = new Set([
  'safe',
  'raw',
  'string',
  'list',
  'wordwrap',
  'markdown',
])
