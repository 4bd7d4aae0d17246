/** Times, numbers and names as the agent reads them. */

import { t } from "../texts.js";

const DAY = 86_400_000;

/** `4:07`, from an hour on `1:05 h`, from a day on `3 T`. */
export function waited(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (part) => String(Math.floor(part)).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)} h`;
  return t.days(Math.floor(seconds / 86_400));
}

/** A span of seconds in words: `48 s`, `3 min 20 s`, `1 h 5 min`. */
export function span(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function time(at) {
  return new Date(at).toLocaleTimeString(t.tag, { hour: "2-digit", minute: "2-digit" });
}

/** `Heute`, `Gestern`, `Montag, 2. November`. */
export function day(at) {
  const date = new Date(at);
  const days = Math.round((midnight(new Date()) - midnight(date)) / DAY);
  if (days === 0) return t.today;
  if (days === 1) return t.yesterday;
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(t.tag, { weekday: "long", day: "numeric", month: "long", year });
}

/** Of today the time, else the date. */
export function brief(at) {
  const date = new Date(at);
  if (midnight(date) === midnight(new Date())) return time(at);
  return date.toLocaleDateString(t.tag, { day: "2-digit", month: "2-digit" });
}

export function dateTime(at) {
  return new Date(at).toLocaleString(t.tag, {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** A day without a time, such as `2026-11-03`. */
export function calendarDay(text) {
  return new Date(`${text}T12:00`).toLocaleDateString(t.tag, { day: "2-digit", month: "2-digit" });
}

export function number(value, digits = 0) {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString(t.tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `12 kB`, `3,4 MB`; nothing of what is not known. */
export function fileSize(bytes) {
  if (bytes === null || bytes === undefined) return "";
  return bytes < 1_000_000 ? `${number(Math.max(1, Math.round(bytes / 1000)))} kB` : `${number(bytes / 1_000_000, 1)} MB`;
}

export function percent(share, digits = 0) {
  if (share === null || share === undefined) return "–";
  return share.toLocaleString(t.tag, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `2026-11-03` of a date on this machine's clocks. */
export function isoDay(date) {
  const two = (part) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Who it is, as far as is known. */
export function nameOf({ customer, conversation }) {
  return customer ?? t.guest(conversation.slice(-4).toUpperCase());
}

export function channelName(channel) {
  return t.channels[channel] ?? channel;
}

/** For a choice: names as the server has them, with ours. @returns {[string, string][]} */
export function channelNames() {
  return Object.entries(t.channels);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
