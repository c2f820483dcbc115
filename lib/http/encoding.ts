/**
 * Whether a client takes an encoding.
 * @param header its Accept-Encoding
 */
export function accepts(header: string, encoding: 'gzip' | 'br'): boolean {
  return header.split(',').some((each) => {
    const [name = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase())
    return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter))
  })
}
