"""Countries, regions and cities as Eventtia's stand-in offers them. Countries are real; only a few have cities here."""

from typing import Any, Final

_WITH_CITIES: Final[tuple[tuple[int, str, str, str, tuple[Any, ...]], ...]] = (
    (1, "Colombia", "COP", "CO", ((11, "Bogotá D.C.", ((40001, "Bogotá", 4.71, -74.07, "America/Bogota"),)),)),
    (2, "Mexico", "MXN", "MX", ((21, "Jalisco", ((40051, "Guadalajara", 20.67, -103.35, "America/Mexico_City"),)),)),
    (3, "Spain", "EUR", "ES", (
        (31, "Catalonia", ((40102, "Barcelona", 41.38, 2.18, "Europe/Madrid"),
                           (40103, "Girona", 41.98, 2.82, "Europe/Madrid"))),
        (32, "Canary Islands", ((40110, "Las Palmas", 28.12, -15.43, "Atlantic/Canary"),)),
    )),
    (4, "United Kingdom", "GBP", "GB", (
        (41, "England", ((40201, "London", 51.5, -0.08, "Europe/London"),
                         (40202, "Leeds", 53.8, -1.54, "Europe/London"))),
    )),
    (5, "United States", "USD", "US", (
        (51, "New York", ((40301, "New York", 40.72, -74.0, "America/New_York"),)),
        (52, "California", ((40302, "Los Angeles", 34.05, -118.24, "America/Los_Angeles"),)),
    )),
    (6, "Japan", "JPY", "JP", ((61, "Tokyo", ((40401, "Tokyo", 35.65, 139.74, "Asia/Tokyo"),)),)),
    (7, "Kuwait", "KWD", "KW", ((71, "Al Asimah", ((40501, "Kuwait City", 29.37, 47.98, "Asia/Kuwait"),)),)),
    (8, "Nepal", "NPR", "NP", ((81, "Bagmati", ((40601, "Lalitpur", 27.67, 85.32, "Asia/Kathmandu"),)),)),
    (9, "Israel", "ILS", "IL", ((91, "Tel Aviv", ((40701, "Tel Aviv-Yafo", 32.05, 34.75, "Asia/Jerusalem"),)),)),
    (10, "Argentina", "ARS", "AR", (
        (101, "Buenos Aires", ((40801, "Buenos Aires", -34.6, -58.38, "America/Argentina/Buenos_Aires"),)),
    )),
)  # fmt: skip
_OTHERS: Final = """
Afghanistan AFN|Albania ALL|Algeria DZD|Andorra EUR|Angola AOA|Antigua and Barbuda XCD|Armenia AMD|Australia AUD
Austria EUR|Azerbaijan AZN|Bahamas BSD|Bahrain BHD|Bangladesh BDT|Barbados BBD|Belarus BYN|Belgium EUR|Belize BZD
Benin XOF|Bhutan BTN|Bolivia BOB|Bosnia and Herzegovina BAM|Botswana BWP|Brazil BRL|Brunei BND|Bulgaria EUR
Burkina Faso XOF|Burundi BIF|Cabo Verde CVE|Cambodia KHR|Cameroon XAF|Canada CAD|Central African Republic XAF|Chad XAF
Chile CLP|China CNY|Comoros KMF|Congo XAF|Costa Rica CRC|Côte d'Ivoire XOF|Croatia EUR|Cuba CUP|Cyprus EUR|Czechia CZK
Denmark DKK|Djibouti DJF|Dominica XCD|Dominican Republic DOP|Ecuador USD|Egypt EGP|El Salvador USD
Equatorial Guinea XAF|Eritrea ERN|Estonia EUR|Eswatini SZL|Ethiopia ETB|Fiji FJD|Finland EUR|France EUR|Gabon XAF
Gambia GMD|Georgia GEL|Germany EUR|Ghana GHS|Greece EUR|Grenada XCD|Guatemala GTQ|Guinea GNF|Guinea-Bissau XOF
Guyana GYD|Haiti HTG|Honduras HNL|Hungary HUF|Iceland ISK|India INR|Indonesia IDR|Iran IRR|Iraq IQD|Ireland EUR
Italy EUR|Jamaica JMD|Jordan JOD|Kazakhstan KZT|Kenya KES|Kiribati AUD|Kyrgyzstan KGS|Laos LAK|Latvia EUR|Lebanon LBP
Lesotho LSL|Liberia LRD|Libya LYD|Liechtenstein CHF|Lithuania EUR|Luxembourg EUR|Madagascar MGA|Malawi MWK
Malaysia MYR|Maldives MVR|Mali XOF|Malta EUR|Marshall Islands USD|Mauritania MRU|Mauritius MUR|Micronesia USD
Moldova MDL|Monaco EUR|Mongolia MNT|Montenegro EUR|Morocco MAD|Mozambique MZN|Myanmar MMK|Namibia NAD|Nauru AUD
Netherlands EUR|New Zealand NZD|Nicaragua NIO|Niger XOF|Nigeria NGN|North Macedonia MKD|Norway NOK|Oman OMR
Pakistan PKR|Palau USD|Panama PAB|Papua New Guinea PGK|Paraguay PYG|Peru PEN|Philippines PHP|Poland PLN|Portugal EUR
Puerto Rico USD|Qatar QAR|Romania RON|Rwanda RWF|Saint Lucia XCD|Samoa WST|San Marino EUR|Saudi Arabia SAR|Senegal XOF
Serbia RSD|Seychelles SCR|Sierra Leone SLE|Singapore SGD|Slovakia EUR|Slovenia EUR|Solomon Islands SBD|Somalia SOS
South Africa ZAR|South Korea KRW|Sri Lanka LKR|Sudan SDG|Suriname SRD|Sweden SEK|Switzerland CHF|Taiwan TWD
Tajikistan TJS|Tanzania TZS|Thailand THB|Timor-Leste USD|Togo XOF|Tonga TOP|Trinidad and Tobago TTD|Tunisia TND
Turkey TRY|Turkmenistan TMT|Tuvalu AUD|Uganda UGX|Ukraine UAH|United Arab Emirates AED|Uruguay UYU|Uzbekistan UZS
Vanuatu VUV|Vatican City EUR|Venezuela VES|Vietnam VND|Yemen YER|Zambia ZMW|Zimbabwe USD
"""


def countries() -> list[dict[str, Any]]:
    """All countries, in the format of a season."""
    found: list[dict[str, Any]] = [
        {
            "id": key,
            "name": name,
            "currency_code": currency,
            "regions": [
                {
                    "id": region,
                    "name": region_name,
                    "cities": [
                        {"id": city, "name": city_name, "latitude": lat, "longitude": lng, "time_zone": zone}
                        for city, city_name, lat, lng, zone in cities
                    ],
                }
                for region, region_name, cities in regions
            ],
        }
        for key, name, currency, _, regions in _WITH_CITIES
    ]
    for place, row in enumerate(_OTHERS.strip().replace("\n", "|").split("|")):
        name, _, currency = row.rpartition(" ")
        found.append({"id": 20 + place, "name": name, "currency_code": currency})
    return found


def iso_code(city_id: int) -> str:
    """The country's two letters of a city that is in the list."""
    return next(
        code
        for _, _, _, code, regions in _WITH_CITIES
        for _, _, cities in regions
        for city in cities
        if city[0] == city_id
    )


def city(city_id: int) -> tuple[str, float, float, str]:
    """Name, latitude, longitude and zone of a city that is in the list."""
    return next(
        city[1:]
        for _, _, _, _, regions in _WITH_CITIES
        for _, _, cities in regions
        for city in cities
        if city[0] == city_id
    )
