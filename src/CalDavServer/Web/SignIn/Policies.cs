namespace CalDavServer.Web.SignIn;

/// <summary>Who may open a page: the names of the roles, which are those of the policies.</summary>
internal static class Policies
{
    public const string Practitioner = "Practitioner";
    public const string Administrator = "Administrator";
}
