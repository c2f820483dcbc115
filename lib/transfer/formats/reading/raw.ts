/** A literal text within Liquid. */
export function inRaw(text: string): string {
  if (!text.includes('{{') && !text.includes('{%')) return text
  return text
    .split(/(\{%-?\s*endraw\s*-?%\})/)
    .map((piece, index) => {
      if (index % 2 === 1) return `{{ ${JSON.stringify(piece)} }}`
      return piece.includes('{{') || piece.includes('{%') ? `{% raw %}${piece}{% endraw %}` : piece
    })
    .join('')
}
