using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>
/// How much may be stored over CalDAV: <c>quotaperson</c> and <c>quotapractice</c>, what a person, and the people of a practice group together, may store; <c>propertiesperresource</c> and <c>propertiesperperson</c>, what WebDAV
/// properties of one resource, and of all resources of a person, may take.
/// </summary>
internal static class QuotaOptions
{
    /// <summary>Reads them.</summary>
    /// <exception cref="CommandFailure">One is not valid.</exception>
    public static Quotas Read(IConfiguration settings)
    {
        var defaults = new Quotas();
        return new Quotas
        {
            Person = settings.ReadSize("quotaperson", defaults.Person),
            Practice = settings.ReadSize("quotapractice", defaults.Practice),
            PropertiesOfResource = settings.ReadSize("propertiesperresource", defaults.PropertiesOfResource),
            PropertiesOfPerson = settings.ReadSize("propertiesperperson", defaults.PropertiesOfPerson),
        };
    }
}
