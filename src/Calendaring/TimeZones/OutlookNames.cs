using System.Collections.Frozen;
using NodaTime;
using NodaTime.TimeZones;

namespace Calendaring.TimeZones;

/// <summary>
/// The places in Outlook's display names of zones → IANA ids. A display name lists places (<c>Canberra, Melbourne, Sydney</c>) and has changed its list, its separators
/// (Zimbra writes slashes) and its language over the years: the first place that is known decides, and the offset in the name tells places of one name apart.
/// </summary>
internal static class OutlookNames
{
    // a place whose zone is now this far from the offset in the name is another place: zones have moved by an hour since some names were written, not by more
    private const int Tolerance = 3600;

    private const string Table = """
        Dateline Standard Time|International Date Line West;Eniwetok;Kwajalein
        UTC-11|Coordinated Universal Time-11;Midway Island
        Aleutian Standard Time|Aleutian Islands
        Hawaiian Standard Time|Hawaii
        Marquesas Standard Time|Marquesas Islands
        Alaskan Standard Time|Alaska
        UTC-09|Coordinated Universal Time-09
        Pacific Standard Time (Mexico)|Baja California;Tijuana
        UTC-08|Coordinated Universal Time-08
        Pacific Standard Time|Pacific Time (US & Canada);Pacific Time
        US Mountain Standard Time|Arizona
        Mountain Standard Time (Mexico)|La Paz;Mazatlan
        Mountain Standard Time|Mountain Time (US & Canada);Mountain Time
        Yukon Standard Time|Yukon
        Central America Standard Time|Central America
        Central Standard Time|Central Time (US & Canada);Central Time
        Easter Island Standard Time|Easter Island
        Central Standard Time (Mexico)|Guadalajara;Mexico City;Monterrey;Chihuahua
        Canada Central Standard Time|Saskatchewan
        SA Pacific Standard Time|Bogota;Lima;Quito;Rio Branco
        Eastern Standard Time (Mexico)|Chetumal
        Eastern Standard Time|Eastern Time (US & Canada);Eastern Time
        Haiti Standard Time|Haiti
        Cuba Standard Time|Havana
        US Eastern Standard Time|Indiana (East)
        Turks And Caicos Standard Time|Turks and Caicos
        Paraguay Standard Time|Asuncion
        Atlantic Standard Time|Atlantic Time (Canada);Atlantic Time
        Venezuela Standard Time|Caracas
        Central Brazilian Standard Time|Cuiaba
        SA Western Standard Time|Georgetown;La Paz;Manaus;San Juan
        Pacific SA Standard Time|Santiago
        Newfoundland Standard Time|Newfoundland
        Tocantins Standard Time|Araguaina
        E. South America Standard Time|Brasilia
        SA Eastern Standard Time|Cayenne;Fortaleza
        Argentina Standard Time|City of Buenos Aires;Buenos Aires
        Greenland Standard Time|Greenland
        Montevideo Standard Time|Montevideo
        Magallanes Standard Time|Punta Arenas
        Saint Pierre Standard Time|Saint Pierre and Miquelon
        Bahia Standard Time|Salvador
        UTC-02|Coordinated Universal Time-02;Mid-Atlantic;Mid-Atlantic - Old
        Azores Standard Time|Azores
        Cape Verde Standard Time|Cabo Verde Is.;Cape Verde Is.
        UTC|Coordinated Universal Time
        GMT Standard Time|Dublin;Edinburgh;Lisbon;London
        Greenwich Standard Time|Monrovia;Reykjavik
        Sao Tome Standard Time|Sao Tome
        Morocco Standard Time|Casablanca
        W. Europe Standard Time|Amsterdam;Berlin;Bern;Rome;Stockholm;Vienna
        Central Europe Standard Time|Belgrade;Bratislava;Budapest;Ljubljana;Prague
        Romance Standard Time|Brussels;Copenhagen;Madrid;Paris
        Central European Standard Time|Sarajevo;Skopje;Warsaw;Zagreb
        W. Central Africa Standard Time|West Central Africa
        Jordan Standard Time|Amman
        GTB Standard Time|Athens;Bucharest
        Middle East Standard Time|Beirut
        Egypt Standard Time|Cairo
        E. Europe Standard Time|Chisinau
        Syria Standard Time|Damascus
        West Bank Standard Time|Gaza;Hebron
        South Africa Standard Time|Harare;Pretoria
        FLE Standard Time|Helsinki;Kyiv;Kiev;Riga;Sofia;Sofija;Tallinn;Vilnius
        Israel Standard Time|Jerusalem;Tel Aviv
        South Sudan Standard Time|Juba
        Kaliningrad Standard Time|Kaliningrad;Kaliningrad (RTZ 1)
        Sudan Standard Time|Khartoum
        Libya Standard Time|Tripoli
        Namibia Standard Time|Windhoek
        Arabic Standard Time|Baghdad
        Turkey Standard Time|Istanbul
        Arab Standard Time|Kuwait;Riyadh
        Belarus Standard Time|Minsk
        Russian Standard Time|Moscow;St. Petersburg
        E. Africa Standard Time|Nairobi
        Volgograd Standard Time|Volgograd
        Iran Standard Time|Tehran
        Arabian Standard Time|Abu Dhabi;Muscat
        Astrakhan Standard Time|Astrakhan;Ulyanovsk
        Azerbaijan Standard Time|Baku
        Russia Time Zone 3|Izhevsk;Samara
        Mauritius Standard Time|Port Louis
        Saratov Standard Time|Saratov
        Georgian Standard Time|Tbilisi
        Caucasus Standard Time|Yerevan
        Afghanistan Standard Time|Kabul
        West Asia Standard Time|Ashgabat;Tashkent
        Qyzylorda Standard Time|Astana;Qyzylorda
        Ekaterinburg Standard Time|Ekaterinburg;Ekaterinburg (RTZ 4)
        Pakistan Standard Time|Islamabad;Karachi
        India Standard Time|Chennai;Kolkata;Mumbai;New Delhi;Calcutta;Bombay;Madras
        Sri Lanka Standard Time|Sri Jayawardenepura
        Nepal Standard Time|Kathmandu;Katmandu
        Central Asia Standard Time|Bishkek;Almaty
        Bangladesh Standard Time|Dhaka
        Omsk Standard Time|Omsk
        Myanmar Standard Time|Yangon (Rangoon);Yangon;Rangoon
        SE Asia Standard Time|Bangkok;Hanoi;Jakarta
        Altai Standard Time|Barnaul;Gorno-Altaysk
        W. Mongolia Standard Time|Hovd
        North Asia Standard Time|Krasnoyarsk
        N. Central Asia Standard Time|Novosibirsk
        Tomsk Standard Time|Tomsk
        China Standard Time|Beijing;Chongqing;Hong Kong;Hong Kong SAR;Urumqi
        North Asia East Standard Time|Irkutsk
        Singapore Standard Time|Kuala Lumpur;Singapore
        W. Australia Standard Time|Perth
        Taipei Standard Time|Taipei
        Ulaanbaatar Standard Time|Ulaanbaatar;Ulaan Bataar
        Aus Central W. Standard Time|Eucla
        Transbaikal Standard Time|Chita
        Tokyo Standard Time|Osaka;Sapporo;Tokyo
        North Korea Standard Time|Pyongyang
        Korea Standard Time|Seoul
        Yakutsk Standard Time|Yakutsk
        Cen. Australia Standard Time|Adelaide
        AUS Central Standard Time|Darwin
        E. Australia Standard Time|Brisbane
        AUS Eastern Standard Time|Canberra;Melbourne;Sydney
        West Pacific Standard Time|Guam;Port Moresby
        Tasmania Standard Time|Hobart
        Vladivostok Standard Time|Vladivostok
        Lord Howe Standard Time|Lord Howe Island
        Bougainville Standard Time|Bougainville Island
        Russia Time Zone 10|Chokurdakh
        Magadan Standard Time|Magadan
        Norfolk Standard Time|Norfolk Island
        Sakhalin Standard Time|Sakhalin
        Central Pacific Standard Time|Solomon Is.;New Caledonia
        Russia Time Zone 11|Anadyr;Petropavlovsk-Kamchatsky
        New Zealand Standard Time|Auckland;Wellington
        UTC+12|Coordinated Universal Time+12;Marshall Is.
        Fiji Standard Time|Fiji
        Kamchatka Standard Time|Petropavlovsk-Kamchatsky - Old
        Chatham Islands Standard Time|Chatham Islands
        UTC+13|Coordinated Universal Time+13
        Tonga Standard Time|Nuku'alofa
        Samoa Standard Time|Samoa
        Line Islands Standard Time|Kiritimati Island
        """;

    private static readonly FrozenDictionary<string, List<string>> Places = ReadPlaces();
    private static readonly FrozenDictionary<string, List<string>>.AlternateLookup<ReadOnlySpan<char>> BySpan = Places.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The IANA id of a list of places, or null.</summary>
    /// <param name="places">What stands behind the offset in a display name.</param>
    /// <param name="offset">Seconds east of Greenwich, when the name says it.</param>
    public static string? Find(ReadOnlySpan<char> places, int? offset)
    {
        // "Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London"
        if (places.IndexOf(':') is var colon and >= 0) places = places[(colon + 1)..];
        foreach (var range in places.SplitAny(",;/"))
        {
            if (!BySpan.TryGetValue(places[range].Trim(), out var ids)) continue;
            foreach (var id in ids)
            {
                if (offset is null || Math.Abs(StandardOffset(id) - offset.Value) <= Tolerance) return id;
            }
        }
        return null;
    }

    private static int StandardOffset(string id) =>
        TimeZoneCatalog.ZoneOf(id).GetZoneInterval(Instant.FromUtc(2024, 1, 1, 0, 0)).StandardOffset.Seconds;

    private static FrozenDictionary<string, List<string>> ReadPlaces()
    {
        var places = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        var windows = TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping;
        foreach (var line in Table.Split('\n'))
        {
            var (zone, names) = line.Trim().Split('|') is [var first, var second] ? (first, second) : throw new InvalidOperationException(line);
            if (!windows.TryGetValue(zone, out var id)) continue;
            foreach (var name in names.Split(';')) Add(places, name, id);
        }
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids)
        {
            var slash = id.LastIndexOf('/');
            if (slash > 0 && !id.StartsWith("Etc/", StringComparison.Ordinal)) Add(places, id[(slash + 1)..].Replace('_', ' '), id);
        }
        return places.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static void Add(Dictionary<string, List<string>> places, string name, string id)
    {
        if (!places.TryGetValue(name, out var ids)) places.Add(name, ids = []);
        ids.Add(id);
    }
}
