"""Names of time zones that platforms take from elsewhere: Windows' and Ruby on Rails', as IANA's.

Windows names as in Unicode CLDR, windowsZones, territory 001; Rails names as in ActiveSupport::TimeZone::MAPPING, where they differ from the
last part of the IANA name. Not every name of either: one that is not here tells no zone, and nothing is guessed of it.
"""

from collections.abc import Mapping

from eventdesk_tools.times import zone_of

_WINDOWS: Mapping[str, str] = {
    "UTC": "UTC", "GMT Standard Time": "Europe/London", "Greenwich Standard Time": "Atlantic/Reykjavik",
    "W. Europe Standard Time": "Europe/Berlin", "Romance Standard Time": "Europe/Paris",
    "Central Europe Standard Time": "Europe/Budapest", "Central European Standard Time": "Europe/Warsaw",
    "GTB Standard Time": "Europe/Bucharest", "FLE Standard Time": "Europe/Kiev", "E. Europe Standard Time": "Europe/Chisinau",
    "Turkey Standard Time": "Europe/Istanbul", "Russian Standard Time": "Europe/Moscow", "Israel Standard Time": "Asia/Jerusalem",
    "Egypt Standard Time": "Africa/Cairo", "South Africa Standard Time": "Africa/Johannesburg",
    "Morocco Standard Time": "Africa/Casablanca", "W. Central Africa Standard Time": "Africa/Lagos",
    "E. Africa Standard Time": "Africa/Nairobi", "Arab Standard Time": "Asia/Riyadh", "Arabian Standard Time": "Asia/Dubai",
    "Iran Standard Time": "Asia/Tehran", "Pakistan Standard Time": "Asia/Karachi", "India Standard Time": "Asia/Calcutta",
    "Sri Lanka Standard Time": "Asia/Colombo", "Nepal Standard Time": "Asia/Katmandu", "Bangladesh Standard Time": "Asia/Dhaka",
    "SE Asia Standard Time": "Asia/Bangkok", "China Standard Time": "Asia/Shanghai", "Singapore Standard Time": "Asia/Singapore",
    "Taipei Standard Time": "Asia/Taipei", "W. Australia Standard Time": "Australia/Perth", "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul", "AUS Eastern Standard Time": "Australia/Sydney",
    "E. Australia Standard Time": "Australia/Brisbane", "Cen. Australia Standard Time": "Australia/Adelaide",
    "AUS Central Standard Time": "Australia/Darwin", "Lord Howe Standard Time": "Australia/Lord_Howe",
    "New Zealand Standard Time": "Pacific/Auckland", "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago", "Mountain Standard Time": "America/Denver",
    "US Mountain Standard Time": "America/Phoenix", "Pacific Standard Time": "America/Los_Angeles",
    "Alaskan Standard Time": "America/Anchorage", "Hawaiian Standard Time": "Pacific/Honolulu",
    "Atlantic Standard Time": "America/Halifax", "Newfoundland Standard Time": "America/St_Johns",
    "SA Pacific Standard Time": "America/Bogota", "E. South America Standard Time": "America/Sao_Paulo",
    "Argentina Standard Time": "America/Buenos_Aires", "Pacific SA Standard Time": "America/Santiago",
    "Venezuela Standard Time": "America/Caracas", "Central Standard Time (Mexico)": "America/Mexico_City",
}  # fmt: skip
_RAILS: Mapping[str, str] = {
    "Eastern Time (US & Canada)": "America/New_York", "Central Time (US & Canada)": "America/Chicago",
    "Mountain Time (US & Canada)": "America/Denver", "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Atlantic Time (Canada)": "America/Halifax", "Newfoundland": "America/St_Johns", "Indiana (East)": "America/Indiana/Indianapolis",
    "Arizona": "America/Phoenix", "Alaska": "America/Juneau", "Hawaii": "Pacific/Honolulu", "Mexico City": "America/Mexico_City",
    "Bogota": "America/Bogota", "Lima": "America/Lima", "Quito": "America/Lima", "Caracas": "America/Caracas",
    "Santiago": "America/Santiago", "Buenos Aires": "America/Argentina/Buenos_Aires", "Brasilia": "America/Sao_Paulo",
    "London": "Europe/London", "Edinburgh": "Europe/London", "Dublin": "Europe/Dublin", "Lisbon": "Europe/Lisbon",
    "Madrid": "Europe/Madrid", "Paris": "Europe/Paris", "Berlin": "Europe/Berlin", "Bern": "Europe/Zurich", "Zurich": "Europe/Zurich",
    "Rome": "Europe/Rome", "Amsterdam": "Europe/Amsterdam", "Brussels": "Europe/Brussels", "Vienna": "Europe/Vienna",
    "Copenhagen": "Europe/Copenhagen", "Stockholm": "Europe/Stockholm", "Prague": "Europe/Prague", "Warsaw": "Europe/Warsaw",
    "Athens": "Europe/Athens", "Helsinki": "Europe/Helsinki", "Istanbul": "Europe/Istanbul", "Moscow": "Europe/Moscow",
    "Jerusalem": "Asia/Jerusalem", "Abu Dhabi": "Asia/Muscat", "Karachi": "Asia/Karachi", "Chennai": "Asia/Kolkata",
    "Mumbai": "Asia/Kolkata", "New Delhi": "Asia/Kolkata", "Kathmandu": "Asia/Kathmandu", "Bangkok": "Asia/Bangkok",
    "Beijing": "Asia/Shanghai", "Hong Kong": "Asia/Hong_Kong", "Singapore": "Asia/Singapore", "Tokyo": "Asia/Tokyo",
    "Seoul": "Asia/Seoul", "Perth": "Australia/Perth", "Sydney": "Australia/Sydney", "Melbourne": "Australia/Melbourne",
    "Auckland": "Pacific/Auckland", "Wellington": "Pacific/Auckland",
}  # fmt: skip


def told_zone(name: str) -> str:
    """The IANA name of a zone as a platform calls it; "" where it names none that is known."""
    given = name.strip()
    iana = given if zone_of(given or "-") is not None else _WINDOWS.get(given) or _RAILS.get(given) or ""
    return iana if iana and zone_of(iana) is not None else ""
