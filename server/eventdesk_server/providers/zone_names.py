"""Names of time zones that platforms take from elsewhere: Windows' and Ruby on Rails', as IANA's.

Windows' are those of Unicode CLDR, windowsZones, for the whole world (001), as tzlocal carries them. Rails' are those of
ActiveSupport::TimeZone::MAPPING (rails/rails, activesupport/lib/active_support/values/time_zone.rb, looked up on
2026-11-21), but for Astana, which its versions put in different zones. A name that is neither tells no zone, and nothing is
guessed of it.
"""

from collections.abc import Mapping

from eventdesk_tools.times import zone_of

_CITIES = """
Africa/Cairo Africa/Casablanca Africa/Harare Africa/Monrovia Africa/Nairobi America/Argentina/Buenos_Aires
America/Bogota America/Caracas America/Chihuahua America/La_Paz America/Lima America/Mazatlan America/Mexico_City America/Monterrey
America/Montevideo America/Puerto_Rico America/Santiago America/Tijuana Asia/Almaty Asia/Baghdad Asia/Baku Asia/Bangkok
Asia/Chongqing Asia/Dhaka Asia/Hong_Kong Asia/Irkutsk Asia/Jakarta Asia/Jerusalem Asia/Kabul Asia/Kamchatka Asia/Karachi
Asia/Kathmandu Asia/Kolkata Asia/Krasnoyarsk Asia/Kuala_Lumpur Asia/Kuwait Asia/Magadan Asia/Muscat Asia/Novosibirsk
Asia/Rangoon Asia/Riyadh Asia/Seoul Asia/Singapore Asia/Srednekolymsk Asia/Taipei Asia/Tashkent Asia/Tbilisi Asia/Tehran
Asia/Tokyo Asia/Ulaanbaatar Asia/Urumqi Asia/Vladivostok Asia/Yakutsk Asia/Yerevan Atlantic/Azores Australia/Adelaide
Australia/Brisbane Australia/Darwin Australia/Hobart Australia/Melbourne Australia/Perth Australia/Sydney Europe/Amsterdam
Europe/Athens Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Bucharest Europe/Budapest
Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kaliningrad Europe/Lisbon Europe/Ljubljana Europe/London
Europe/Madrid Europe/Minsk Europe/Moscow Europe/Paris Europe/Prague Europe/Riga Europe/Rome Europe/Samara Europe/Sarajevo
Europe/Skopje Europe/Sofia Europe/Stockholm Europe/Tallinn Europe/Vienna Europe/Vilnius Europe/Volgograd Europe/Warsaw
Europe/Zagreb Europe/Zurich Pacific/Auckland Pacific/Fiji Pacific/Guam Pacific/Port_Moresby
"""
"""Zones that Rails calls by the last part of their name."""
RAILS: Mapping[str, str] = {
    **{zone.rpartition("/")[2].replace("_", " "): zone for zone in _CITIES.split()},
    "International Date Line West": "Pacific/Midway", "Midway Island": "Pacific/Midway", "American Samoa": "Pacific/Pago_Pago",
    "Hawaii": "Pacific/Honolulu", "Alaska": "America/Juneau", "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Mountain Time (US & Canada)": "America/Denver", "Arizona": "America/Phoenix", "Central Time (US & Canada)": "America/Chicago",
    "Saskatchewan": "America/Regina", "Guadalajara": "America/Mexico_City", "Central America": "America/Guatemala",
    "Eastern Time (US & Canada)": "America/New_York", "Indiana (East)": "America/Indiana/Indianapolis", "Quito": "America/Lima",
    "Atlantic Time (Canada)": "America/Halifax", "Newfoundland": "America/St_Johns", "Brasilia": "America/Sao_Paulo",
    "Georgetown": "America/Guyana", "Greenland": "America/Godthab", "Mid-Atlantic": "Atlantic/South_Georgia",
    "Cape Verde Is.": "Atlantic/Cape_Verde", "Edinburgh": "Europe/London", "Bern": "Europe/Zurich",
    "West Central Africa": "Africa/Algiers", "Kyiv": "Europe/Kiev", "Pretoria": "Africa/Johannesburg",
    "St. Petersburg": "Europe/Moscow", "Abu Dhabi": "Asia/Muscat", "Ekaterinburg": "Asia/Yekaterinburg",
    "Islamabad": "Asia/Karachi", "Chennai": "Asia/Kolkata", "Mumbai": "Asia/Kolkata", "New Delhi": "Asia/Kolkata",
    "Sri Jayawardenepura": "Asia/Colombo", "Hanoi": "Asia/Bangkok", "Beijing": "Asia/Shanghai", "Osaka": "Asia/Tokyo",
    "Sapporo": "Asia/Tokyo", "Canberra": "Australia/Melbourne", "Solomon Is.": "Pacific/Guadalcanal",
    "New Caledonia": "Pacific/Noumea", "Marshall Is.": "Pacific/Majuro", "Wellington": "Pacific/Auckland",
    "Nuku'alofa": "Pacific/Tongatapu", "Tokelau Is.": "Pacific/Fakaofo", "Chatham Is.": "Pacific/Chatham", "Samoa": "Pacific/Apia",
}  # fmt: skip


def told_zone(name: str) -> str:
    """The IANA name of a zone as a platform calls it; "" where it names none that is known."""
    given = name.strip()
    if zone_of(given or "-") is not None:
        return given
    from tzlocal.windows_tz import win_tz  # noqa: PLC0415 - only platforms that use Windows' names need the table

    iana = win_tz.get(given) or RAILS.get(given) or ""
    return iana if iana and zone_of(iana) is not None else ""
