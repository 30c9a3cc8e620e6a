// Phone numbers and texts in one notation, so that they can be compared.

const DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩";

/** Replace Persian and Arabic digits with 0 to 9. */
function toAsciiDigits(text) {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => DIGITS.indexOf(digit) % 10);
}

/** A mobile number in the notation of the panel, from any notation. Other texts are returned without change. */
export function normaliseNumber(number) {
  const plain = toAsciiDigits(number).trim();
  const match = /^(?:0098|\+98|98|0)?(9[0-9]{9})$/.exec(plain.replace(/[\s-]/g, ""));
  return match ? match[1] : plain;
}

/** A part of a mobile number, as a user types it, in the notation of the panel. */
export function normaliseNumberPart(text) {
  return normaliseNumber(text).replace(/^(?:0098|\+98|0)/, "").replace(/[\s-]/g, "");
}

/** A text for a search that ignores case and the differences between Persian and Arabic letters and digits. */
export function foldText(text) {
  return toAsciiDigits(text).toLowerCase().replace(/[يى]/g, "ی").replaceAll("ك", "ک");
}
