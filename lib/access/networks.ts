import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A range of addresses: its first address and the bits that its addresses have in common. */
export type Network = [Address, number]

/** Groups of an IPv6 address that a provider gives to one customer: a /64. */
const CUSTOMER_GROUPS = 4

/** An address or a range such as 10.0.0.0/8; undefined: the text is neither. */
export function networkFrom(text: string): Network | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  const address = addressFrom(text)
  return address && [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** The networks of a list, whose texts the configuration has checked. */
export function networksFrom(texts: readonly string[]): Network[] {
  return texts.map(networkFrom).filter((network) => network !== undefined)
}

/** Whether an address lies in one of the networks. */
export function isWithin(address: string | undefined, networks: readonly Network[]): boolean {
  if (address === undefined || networks.length === 0) return false
  const found = addressFrom(address)
  return (
    found !== undefined &&
    networks.some(([first, bits]) => first.kind() === found.kind() && found.match(first, bits))
  )
}

/** What counts as one sender: an address, of IPv6 the network of a customer. */
export function senderOf(address: string | undefined): string {
  const found = address === undefined ? undefined : addressFrom(address)
  if (found === undefined) return 'unknown'
  return found instanceof ipaddr.IPv6 ? found.parts.slice(0, CUSTOMER_GROUPS).join(':') : found.toString()
}

/** An address; an IPv4 address that is written as IPv6 is the IPv4 address. */
function addressFrom(text: string): Address | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined
}
