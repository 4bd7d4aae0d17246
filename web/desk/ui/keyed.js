/**
 * A list whose elements stay the same while their things change:
 * focus, scrolling and screen readers are left in peace.
 */

export class Keyed {
  #parent;
  #keyOf;
  #make;
  #parts = new Map();

  /**
   * @param {Element} parent holds nothing else
   * @param {(thing: object) => string | number} keyOf
   * @param {(thing: object) => {element: Element, show: (thing: object) => void}} make
   */
  constructor(parent, keyOf, make) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  show(things) {
    const focused = document.activeElement;
    const keys = new Set(things.map(this.#keyOf));
    for (const [key, { element }] of this.#parts) {
      if (keys.has(key)) continue;
      element.remove();
      this.#parts.delete(key);
    }
    let place = this.#parent.firstChild;
    for (const thing of things) {
      const { element } = this.#shown(thing);
      if (element === place) place = place.nextSibling;
      else this.#parent.insertBefore(element, place);
    }
    // What was moved has lost the focus.
    if (focused !== document.activeElement && this.#parent.contains(focused)) focused.focus({ preventScroll: true });
  }

  find(key) {
    return this.#parts.get(key);
  }

  #shown(thing) {
    const key = this.#keyOf(thing);
    if (!this.#parts.has(key)) this.#parts.set(key, this.#make(thing));
    const part = this.#parts.get(key);
    part.show(thing);
    return part;
  }
}
