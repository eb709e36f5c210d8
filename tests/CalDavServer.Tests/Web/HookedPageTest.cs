using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Practice.Audit;
using Practice.Diaries;

namespace CalDavServer.Tests.Web;

/// <summary>What the tests of links have in common whose service tells of changes at the server's public address.</summary>
public abstract class HookedPageTest : OutsidePageTest
{
    private protected HookRelay Relay { get; private set; } = null!;

    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with
    {
        PublicAddress = Relay.Address,
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), PollTold = TimeSpan.FromHours(1), Gather = TimeSpan.FromMilliseconds(20) },
    };

    private protected Diary Diary => new(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session"));

    public override async ValueTask InitializeAsync()
    {
        Relay = await HookRelay.StartAsync();
        Relay.Server = () => Server.Address;
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Relay.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
