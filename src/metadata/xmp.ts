import { DOMParser, onErrorStopParsing, XMLSerializer, type Document, type Element } from '@xmldom/xmldom';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const DC = 'http://purl.org/dc/elements/1.1/';
const IPTC_CORE = 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/';
const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** What a property is called, with the prefix that is usual for its namespace. */
const PROPERTIES = {
  description: { namespace: DC, prefix: 'dc', name: 'description' },
  altText: { namespace: IPTC_CORE, prefix: 'Iptc4xmpCore', name: 'AltTextAccessibility' },
  extendedDescription: { namespace: IPTC_CORE, prefix: 'Iptc4xmpCore', name: 'ExtDescrAccessibility' },
} as const;

/** Texts about an image that XMP has properties for: `dc:description` and those of the IPTC Photo Metadata Standard for accessibility. */
export type XmpTexts = { readonly [Name in keyof typeof PROPERTIES]?: string };

const NEW_PACKET =
  '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n' +
  `<rdf:RDF xmlns:rdf="${RDF}">\n<rdf:Description rdf:about=""/>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>\n`;

/**
 * The texts of an XMP packet, each in its default language.
 *
 * @returns nothing of what is not XML
 */
export function readXmp(packet: string): XmpTexts {
  const document = parse(packet);
  if (document === undefined) return {};
  const texts: Record<string, string> = {};
  for (const key of KEYS) {
    const text = textOf(document, key);
    if (text !== undefined) texts[key] = text;
  }
  return texts;
}

/**
 * An XMP packet with texts; whatever else it has is kept.
 *
 * @param before undefined for a new one
 * @returns undefined if it is not XMP
 */
export function withXmp(before: string | undefined, texts: XmpTexts): string | undefined {
  const document = parse(before ?? NEW_PACKET);
  const [owner] = document ? Array.from(document.getElementsByTagNameNS(RDF, 'Description')) : [];
  if (document === undefined || owner === undefined) return undefined;
  for (const key of KEYS) {
    const text = texts[key];
    if (text !== undefined) setText(document, owner, key, text);
  }
  return new XMLSerializer().serializeToString(document);
}

const KEYS = Object.keys(PROPERTIES) as readonly (keyof typeof PROPERTIES)[];

function parse(packet: string): Document | undefined {
  try {
    return new DOMParser({ onError: onErrorStopParsing, normalizeLineEndings }).parseFromString(
      packet.replace(/^\ufeff/, '').replace(/\0+$/, ''),
      'application/xml',
    );
  } catch {
    return undefined;
  }
}

/** As XML 1.0 has it, which XMP is. The parser's own way is that of XML 1.1, where U+0085, U+2028 and U+2029 end lines, too. */
function normalizeLineEndings(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** A property is an element with a list of languages or plain text, or, of simple values, an attribute. */
function textOf(document: Document, key: keyof typeof PROPERTIES): string | undefined {
  const { namespace, name } = PROPERTIES[key];
  for (const owner of Array.from(document.getElementsByTagNameNS(RDF, 'Description'))) {
    const attribute = owner.getAttributeNS(namespace, name)?.trim();
    if (attribute) return attribute;
    const property = childrenOf(owner, namespace, name)[0];
    if (property === undefined) continue;
    const items = Array.from(property.getElementsByTagNameNS(RDF, 'li'));
    const inDefault = items.find((item) => item.getAttributeNS(XML, 'lang') === 'x-default') ?? items[0];
    const text = (inDefault ?? property).textContent?.trim();
    if (text) return text;
  }
  return undefined;
}

function setText(document: Document, first: Element, key: keyof typeof PROPERTIES, text: string): void {
  const { namespace, prefix, name } = PROPERTIES[key];
  for (const owner of Array.from(document.getElementsByTagNameNS(RDF, 'Description'))) {
    owner.removeAttributeNS(namespace, name);
    for (const before of childrenOf(owner, namespace, name)) owner.removeChild(before);
  }
  // Declared once, and not on each property.
  if (first.lookupPrefix(namespace) === null) first.setAttributeNS(XMLNS, `xmlns:${prefix}`, namespace);
  const property = document.createElementNS(namespace, `${first.lookupPrefix(namespace) ?? prefix}:${name}`);
  const rdf = first.prefix ?? 'rdf';
  const languages = document.createElementNS(RDF, `${rdf}:Alt`);
  const item = document.createElementNS(RDF, `${rdf}:li`);
  item.setAttributeNS(XML, 'xml:lang', 'x-default');
  item.appendChild(document.createTextNode(text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]+/gu, ' ')));
  languages.appendChild(item);
  property.appendChild(languages);
  first.appendChild(property);
}

function childrenOf(owner: Element, namespace: string, name: string): Element[] {
  return Array.from(owner.childNodes).filter(
    (node): node is Element => node.namespaceURI === namespace && node.localName === name && node.nodeType === 1,
  );
}
