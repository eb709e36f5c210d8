using CalDavServer.Tests.Hosting;

namespace CalDavServer.Tests.Web;

/// <summary>What the tests of links to Google have in common: the stand-in.</summary>
public abstract class GooglePageTest : PageTest
{
    private protected const string Start = "/settings/integrations/google";

    private protected GoogleStandIn Google { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Google = await GoogleStandIn.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Google.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
