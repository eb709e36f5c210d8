using Xunit;

namespace EndToEnd.Browser;

/// <summary>The look at a page sees what is wrong with it.</summary>
public sealed class LookTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Good = "<!DOCTYPE html><html lang=en><title>A page</title><main><h1>A page</h1><p>Words.</p></main>";

    [Theory]
    [InlineData("<!DOCTYPE html><html><title>A page</title><main><h1>A page</h1></main>", "no language")]
    [InlineData("<!DOCTYPE html><html lang=en><main><h1>A page</h1></main>", "no title")]
    [InlineData("<!DOCTYPE html><html lang=en><title>A page</title><main>Words</main>", "0 level one headings")]
    [InlineData("<!DOCTYPE html><html lang=en><title>A page</title><h1>A page</h1>", "no main part")]
    [InlineData(Good + "<p id=a>One<p id=a>Two", "id twice: a")]
    [InlineData(Good + "<img src='data:,'>", "picture without alt")]
    [InlineData(Good + "<input name=town>", "field without label")]
    [InlineData(Good + "<button><svg width=20 height=20></svg></button>", "nothing says what this does")]
    [InlineData(Good + "<div style='width: 370px'>Words</div>", "wider than the screen")]
    [InlineData(Good + "<p style='color: #888; background: #eee'>Pale", "contrast 3.")]
    [InlineData(Good + "<p style='color: #555; background: #fff; opacity: .5'>Faded", "contrast 2.")]
    [InlineData(Good + "<button style='outline: none'>Press</button>", "focus is not seen")]
    public async Task Each_fault_is_seen(string page, string fault)
    {
        var visitor = await VisitAsync(new Uri("http://127.0.0.1/"));
        await visitor.Page.SetContentAsync(page);
        await visitor.Page.SetViewportSizeAsync(360, 740);
        Assert.Contains(await new Look(visitor.Page, "faulty").FaultsAsync(), found => found.StartsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_without_faults_has_none()
    {
        var visitor = await VisitAsync(new Uri("http://127.0.0.1/"));
        await visitor.Page.SetContentAsync(Good + "<label>Town <input></label><img alt='' src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'>");
        await visitor.LookAsync("faultless");
    }
}
